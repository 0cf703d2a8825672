"""A whole file: every record is kept, refused or a duplicate."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.prepare.checking import check, refuse_shared_ids, refuse_too_many
from stages.prepare.reading import RawRecord
from stages.shell.errors import UserError
from tests.prepare.fakes import cleaner, record, ship


def raw(*values):
    return [RawRecord(i, value) for i, value in enumerate(values, start=1)]


entries = st.sampled_from(
    [ship(hull="a"), ship(hull="b"), ship(hull="b", masts=1), ship(hull="a", masts=-1), 3, None]
)


@given(st.lists(entries))
def test_nothing_is_lost(values):
    found = check(raw(*values), cleaner(), "a.json")
    positions = [row.position for row in found.records]
    positions += [row.record for row in (*found.refused, *found.duplicates)]
    assert sorted(positions) == list(range(1, len(values) + 1))
    assert [row.position for row in found.records] == sorted(row.position for row in found.records)


def test_a_duplicate_names_the_first():
    found = check(raw(ship(hull="a"), ship(hull="b"), ship(hull=" a "), ship(hull="a")), cleaner(), "a.json")
    assert [(row.record, row.reason) for row in found.duplicates] == [
        (3, "duplicate of record 1"),
        (4, "duplicate of record 1"),
    ]
    assert found.duplicates[0].found == ship(hull=" a ")


def test_two_people_who_are_alike_are_no_duplicates_if_they_have_ids():
    assert len(check(raw(ship(hull="a"), ship(hull="b")), cleaner(), "a.json").records) == 2


def test_the_rate_of_refused_records():
    found = check(
        raw(ship(hull="a", masts=-1), ship(hull="b"), ship(hull="c"), ship(hull="d")), cleaner(), "a.json"
    )
    refuse_too_many(found, 0.25, "a.json", Path("rejected.jsonl"))
    with pytest.raises(UserError, match=r"a\.json: 1 of 4 records do not fit"):
        refuse_too_many(found, 0.24, "a.json", Path("rejected.jsonl"))


def test_versions_of_one_person_need_permission():
    twins = [record("a", 1), record("b", 2), record("a", 3, masts=1), record("a", 4, masts=3)]
    refuse_shared_ids(twins, 3, "a.json", "augmented")
    with pytest.raises(UserError) as error:
        refuse_shared_ids(twins, 2, "a.json", "augmented")
    assert "source_ids that stand for more than 2 record(s): 1\n  a: records 1, 3, 4\n" in str(error.value)
    assert "prepare.max_twins.augmented (now 2)" in str(error.value)
