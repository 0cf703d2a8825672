"""Who is drawn: exactly n people, strata by their shares, twins together."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.prepare.params import SampleParams
from stages.prepare.sampling import allocate, sample
from stages.shell.errors import UserError
from tests.prepare.fakes import SCHEMA, record

people = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from("ABC")), unique_by=lambda p: p[0], min_size=1
)


def fleet(pairs, **changes):
    ports = [(f"h{i}", {"city": city, "berth": None}) for i, city in pairs]
    return [record(hull, at, port=port, **changes) for at, (hull, port) in enumerate(ports, start=1)]


def drawn(records, n, strata=(), seed=1):
    return [row.source_id for row in sample(records, SampleParams(n=n, strata=[*strata]), seed, SCHEMA)]


@given(st.dictionaries(st.text(), st.integers(1, 50), min_size=1), st.data())
def test_allocation_is_exact_and_within_one_of_the_share(sizes, data):
    total = sum(sizes.values())
    n = data.draw(st.integers(0, total))
    allocated = allocate(sizes, n)
    assert sum(allocated.values()) == n
    for key, size in sizes.items():
        assert abs(allocated[key] - n * size / total) < 1
        assert allocated[key] <= size


@pytest.mark.parametrize(
    ("sizes", "n", "expected"),
    [
        # quotas 4.5, 3.6, 1.9: floors make 8; the largest remainders are .9 and .6
        ({"a": 45, "b": 36, "c": 19}, 10, {"a": 4, "b": 4, "c": 2}),
        # equal remainders: by name
        ({"b": 1, "a": 1}, 1, {"b": 0, "a": 1}),
    ],
)
def test_allocation_by_hand(sizes, n, expected):
    assert allocate(sizes, n) == expected


@given(people, st.data())
def test_exactly_n_people_in_their_order_with_the_shares_of_the_strata(pairs, data):
    n = data.draw(st.integers(1, len(pairs)))
    records = fleet(pairs)
    chosen = drawn(records, n, ["port.city"])
    assert len(chosen) == n
    assert chosen == [row.source_id for row in records if row.source_id in chosen]
    cities = {f"h{i}": city for i, city in pairs}
    before, after = Counter(cities.values()), Counter(cities[hull] for hull in chosen)
    assert all(abs(after[city] - n * size / len(pairs)) < 1 for city, size in before.items())


@given(people, st.randoms(use_true_random=False), st.data())
def test_the_order_of_rows_does_not_matter(pairs, shuffler, data):
    n = data.draw(st.integers(1, len(pairs)))
    shuffled = [*pairs]
    shuffler.shuffle(shuffled)
    assert {*drawn(fleet(pairs), n, ["port.city"])} == {*drawn(fleet(shuffled), n, ["port.city"])}


@given(people, st.data())
def test_the_augmented_file_gives_the_same_people(pairs, data):
    n = data.draw(st.integers(1, len(pairs)))
    assert drawn(fleet(pairs), n, ["port.city"]) == drawn(fleet(pairs, flag="-"), n, ["port.city"])


def test_all_records_of_a_person_are_drawn():
    twins = [row for i in range(10) for row in (record(f"h{i}"), record(f"h{i}", flag="-"))]
    assert all(count == 2 for count in Counter(drawn(twins, 4)).values())
    assert len({*drawn(twins, 4)}) == 4


@given(people.filter(lambda pairs: len(pairs) > 1), st.data())
def test_without_strata_a_further_person_changes_at_most_one_person(pairs, data):
    n = data.draw(st.integers(1, len(pairs) - 1))
    assert len({*drawn(fleet(pairs), n)} ^ {*drawn(fleet(pairs[:-1]), n)}) in (0, 2)


def test_a_larger_sample_holds_the_smaller_one():
    records = fleet([(i, "A") for i in range(50)])
    assert {*drawn(records, 10)} < {*drawn(records, 20)}


def test_another_seed_draws_others():
    records = fleet([(i, "A") for i in range(50)])
    assert {*drawn(records, 10, seed=1)} != {*drawn(records, 10, seed=2)}


def test_null_keeps_all():
    records = fleet([(1, "A"), (2, "B")])
    assert sample(records, SampleParams(n=None, strata=[]), 1, SCHEMA) == records


def test_numbers_are_strata_by_quartile():
    records = [record(f"h{i}", masts=i) for i in range(40)]
    chosen = drawn(records, 8, ["masts"])
    assert Counter(int(hull[1:]) // 10 for hull in chosen) == {0: 2, 1: 2, 2: 2, 3: 2}


def test_null_is_a_stratum():
    records = [record(f"h{i}", port={"city": "A", "berth": None if i % 2 else i}) for i in range(20)]
    assert Counter(int(hull[1:]) % 2 for hull in drawn(records, 8, ["port.berth"])) == {0: 4, 1: 4}


@pytest.mark.parametrize("stratum", ["flag", "hull", "port", "note", "shoe"])
def test_strata_are_unprotected_attributes_or_numbers(stratum):
    with pytest.raises(UserError, match=rf"prepare\.sample\.strata: {stratum}: not an attribute or number"):
        drawn(fleet([(1, "A")]), None, [stratum])


def test_a_sample_larger_than_the_file_is_refused():
    with pytest.raises(UserError, match="n is 3, but there are 2 people"):
        drawn([*fleet([(1, "A"), (2, "B")]), record("h1", masts=1)], 3)
