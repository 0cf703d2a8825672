"""People without an id: nobody is lost, and twins find each other where it can be known."""

import random
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stages.common.records import Condition
from stages.prepare.checking import check
from stages.prepare.identity import derivation, with_derived_ids
from stages.prepare.reading import RawRecord
from tests.prepare.fakes import WITHOUT_ID, cleaner, ship


def checked(original, augmented=()):
    files: dict[Condition, Any] = {"original": original, "augmented": augmented or original}
    found = {
        condition: check(
            [RawRecord(i, one) for i, one in enumerate(rows, 1)], cleaner(schema=WITHOUT_ID), "a"
        )
        for condition, rows in files.items()
    }
    return with_derived_ids(found, WITHOUT_ID)


def ids(original, augmented=()):
    found = checked(original, augmented)
    return [[record.source_id for record in found[c].records] for c in ("original", "augmented")]


crews = st.lists(
    st.builds(
        ship,
        flag=st.sampled_from(["red", None]),
        masts=st.integers(0, 2),
        note=st.sampled_from(["leaks", None]),
    ),
    min_size=1,
    max_size=20,
)


@given(crews, st.data())
def test_nobody_is_lost_and_each_twin_finds_its_person(rows, data):
    flags = data.draw(st.lists(st.sampled_from(["red", None]), min_size=len(rows), max_size=len(rows)))
    before, after = ids(rows, [{**row, "flag": flag} for row, flag in zip(rows, flags, strict=True)])
    assert before == after
    assert len({*before}) == len(rows)


@given(crews, st.randoms(use_true_random=False))
def test_in_any_order_the_files_hold_the_same_people(rows, rng: random.Random):
    shuffled = rng.sample(rows, len(rows))
    before, after = ids(rows, shuffled)
    assert sorted(before) == sorted(after)
    contents = [
        dict(zip(some, [(r["masts"], r["note"]) for r in of], strict=True))
        for some, of in ((before, rows), (after, shuffled))
    ]
    assert contents[0] == contents[1]


def test_two_hundred_answers_keep_their_shares():
    # as 180 "yes" and 20 "no" in 40 different contents: none is a duplicate
    rows = [ship(masts=i % 20, note="no" if i < 20 else "yes") for i in range(200)]
    found = checked(rows)["original"]
    assert Counter(record.profile["note"] for record in found.records) == {"yes": 180, "no": 20}
    assert found.duplicates == []


def test_null_counts_like_a_missing_field_and_different_facts_make_different_people():
    bare = {key: value for key, value in ship().items() if key != "speed"}
    [[first], [second]] = ids([bare], [{**bare, "cargo": ["tea"], "port": {"city": "Bergen", "berth": 4}}])
    assert first == second
    rows = [ship(note=None, cargo=["leaks"]), ship(note="leaks", cargo=[]), ship(masts=3)]
    assert len({*ids(rows)[0]}) == 3
    nested = ship(port={"city": "Bergen"}, note=None)
    assert len({*ids([ship(port={"city": "Bergen", "berth": None}, note=None)], [nested])[0]}) == 1
    first, second = ids([ship(port={"city": "Bergen", "berth": None}, note=None)], [nested])
    assert first == second


def test_a_field_of_only_one_file_separates_no_twins():
    bare = [{key: value for key, value in ship(masts=i).items() if key != "speed"} for i in range(3)]
    before, after = ids(bare, [{**one, "speed": i} for i, one in enumerate(bare)])
    assert before == after


def test_people_who_are_alike_or_have_no_twin_are_reported():
    rows = [ship(), ship(), ship(), ship(masts=3)]
    alike, lone = derivation(checked(rows, [ship(), ship(masts=3), ship(masts=4)]))[::2]
    assert alike.startswith("original: 2 of 4 records are like an earlier one in all unprotected fields")
    assert lone.startswith("augmented: 1 of 3 records find no twin")
    assert derivation(checked([ship(hull=None, masts=i) for i in range(3)])) == []
