"""Laws for any two files about the same people, however they are written."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.init.fakes import people

TRADES = ["cook", "clerk", "nurse", "driver"]
AT = "who"
"""Tells the test who is meant; no field of the data."""


def invented(n: int, rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            AT: i,
            "sex": rng.choice("fm"),
            "age": rng.randint(18, 80),
            "trade": rng.choice(TRADES),
            "town": rng.choice("abcdefgh"),
            "rooms": rng.randint(1, 9),
        }
        for i in range(n)
    ]


def re_assigned(row: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    return {**row, "sex": rng.choice("fm")}


def with_ids(rows, ids):
    return [{"id": one, **row} for one, row in zip(ids, rows, strict=True)]


def spoiled(rows, rng, *, duplicates, nulls):
    """Some rows twice, word for word, and some facts and ids null."""
    rows = [*rows, *(dict(rng.choice(rows)) for _ in range(duplicates))]
    for _ in range(nulls):
        rng.choice(rows)[rng.choice(["age", "town", "rooms"])] = None
    return rows


def bare(rows):
    """What the file holds."""
    return [{key: value for key, value in row.items() if key != AT} for row in rows]


def names(rows, found, condition):
    """Who each row is about, and the id it got; nobody is lost."""
    written = found.given[condition].records
    assert len(written) == len(rows)
    return [(row[AT], one[found.identity.path]) for row, one in zip(rows, written, strict=True)]


def assert_twins_share_an_id_and_nobody_else(before, after):
    found = people(bare(before), bare(after))
    assert found.identity is not None
    told = [*names(before, found, "original"), *names(after, found, "augmented")]
    by_id: dict[Any, int] = {}
    for who, one in told:
        assert by_id.setdefault(one, who) == who
    assert len(by_id) == len({who for who, _ in told})


sizes = st.integers(20, 40)
seeds = st.integers(0, 10**6).map(random.Random)
"""The people differ: not shrunk to be all alike, which no evidence could tell."""
law = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@law
@given(sizes, st.integers(0, 3), st.integers(0, 3), st.booleans(), seeds)
def test_by_an_id_in_any_order_with_duplicates_and_nulls(n, duplicates, nulls, codes, rng):
    rows = invented(n, rng)
    ids = [f"p-{i:03d}" if codes else i + 1 for i in range(n)]
    before = with_ids(rows, ids)
    after = [re_assigned(row, rng) for row in rng.sample(before, n)]
    assert_twins_share_an_id_and_nobody_else(
        spoiled(before, rng, duplicates=duplicates, nulls=nulls),
        spoiled(after, rng, duplicates=duplicates, nulls=nulls),
    )


@law
@given(sizes, st.sampled_from(["source_id", "made_from", "ref"]), seeds)
def test_by_a_reference_beside_an_own_running_id(n, name, rng):
    before = with_ids(invented(n, rng), range(1, n + 1))
    after = [{**re_assigned(row, rng), name: row["id"]} for row in rng.sample(before, n)]
    assert_twins_share_an_id_and_nobody_else(before, [{**row, "id": i} for i, row in enumerate(after, 1)])


@law
@given(sizes, st.sampled_from([0, 1]), seeds)
def test_by_the_number_of_the_row(n, first, rng):
    before = invented(n, rng)
    after = [{**re_assigned(row, rng), "orig_row": row[AT] + first} for row in rng.sample(before, n)]
    assert_twins_share_an_id_and_nobody_else(before, after)


@law
@given(sizes, seeds)
def test_several_versions_and_waves_of_a_person(n, rng):
    rows = with_ids(invented(n, rng), [f"p{i}" for i in range(n)])
    before = [{**row, "wave": wave} for row in rows for wave in (1, 2)]
    after = [re_assigned(row, rng) for row in rng.sample(before, len(before))]
    assert_twins_share_an_id_and_nobody_else(before, after)


@law
@given(sizes, seeds)
def test_an_id_that_is_missing_once_in_each_file(n, rng):
    before = with_ids(invented(n, rng), range(1, n + 1))
    after = [re_assigned(row, rng) for row in rng.sample(before, n)]
    lost, other = rng.sample(range(n), 2)
    before[lost] = {**before[lost], "id": None}
    at = next(i for i, row in enumerate(after) if row[AT] == other)
    after[at] = {**after[at], "id": None}
    alike = [
        [{k: row[k] for k in ("age", "trade", "town", "rooms")} for row in rows] for rows in (before, after)
    ]
    if alike[0].count(alike[0][lost]) == alike[0].count(alike[0][other]) == 1:
        assert_twins_share_an_id_and_nobody_else(before, after)


def test_what_is_unlike_in_all_ties_them_although_it_is_no_id():
    rng = random.Random(1)
    before = [
        {**row, "about": f"Likes {row[AT]} teas and the town {row['town']}."} for row in invented(30, rng)
    ]
    after = [{**re_assigned(row, rng), "trade": rng.choice(TRADES)} for row in rng.sample(before, 30)]
    found = people(bare(before), bare(after), id="\0weak")
    assert found.identity is not None
    assert found.identity.path == "person"
    assert dict(names(before, found, "original")) == dict(names(after, found, "augmented"))
    assert "about" in found.given["original"].records[0]


@pytest.mark.parametrize("n", [20, 60])
def test_other_people_under_the_same_numbers_are_refuted(n):
    rng = random.Random(n)
    found = people(*(with_ids(bare(invented(n, rng)), range(n)) for _ in range(2)))
    assert found.identity is None
    assert [tie.words for tie in found.refuted] == ["id"]
