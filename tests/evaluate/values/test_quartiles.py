"""Quarters of numbers: one rule for every table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.records import Profile
from stages.evaluate.contrasts.statistics import Reading, categories
from stages.evaluate.values.coding import coded
from stages.evaluate.values.numbers import bin_of, cut_points, numbers_of
from tests.evaluate.fakes import cat, schema, training

NUMBERS = st.lists(st.integers(-9, 9), min_size=1, max_size=20).map(lambda found: np.array(found, float))


def test_equal_cut_points_are_one_and_a_number_on_one_lies_below() -> None:
    # training 0 0 1 3 3 3 3 3 3 9: quartiles 1.5, 3, 3
    cuts = cut_points(numbers_of("mice", training()))
    assert cuts.tolist() == [1.5, 3]
    assert [bin_of(number, cuts) for number in (0, 1.5, 1.6, 3, 3.1, None, True, "3")] == [
        *(0, 0, 1, 1, 2),
        *(None, None, None),
    ]


def test_where_nobody_has_a_number_there_is_one_bin() -> None:
    cuts = cut_points(numbers_of("mice", [cat(mice=None)]))
    assert [bin_of(number, cuts) for number in (-7, 0, 7)] == [0, 0, 0]


def test_numbers_without_bounds_are_finite() -> None:
    found = numbers_of("mice", [cat(mice=value) for value in (10**400, -(10**400), 1.7e308, 1.7e308)])
    assert np.isfinite(found).all()
    assert np.isfinite(np.median(found[2:]))
    assert np.isfinite(cut_points(found)).all()


@given(NUMBERS)
def test_a_bin_holds_no_more_than_lie_between_its_cut_points(numbers: np.ndarray) -> None:
    cuts = cut_points(numbers)
    assert (np.diff(cuts) > 0).all()
    bins = [int(bin_of(number, cuts) or 0) for number in numbers]
    assert [bins[i] for i in np.argsort(numbers, kind="stable")] == sorted(bins)
    assert 0 <= min(bins) <= max(bins) <= len(cuts) <= 3


@pytest.mark.parametrize("people", [training(), [cat(mice=None)], [cat(mice=2)] * 3])
def test_every_table_cuts_alike(people: list[Profile]) -> None:
    field = schema().field("mice")
    assert field is not None
    cuts = cut_points(numbers_of("mice", people))
    profiles = [cat(mice=mice) for mice in (0, 1, 1.5, 2, 3, 4, 10**400)]
    bins = [bin_of(profile["mice"], cuts) for profile in profiles]
    assert coded(field, profiles, people).generated.tolist() == bins
    how = Reading(schema(), tuple(people))
    assert categories(profiles, "mice", how) == [f"quartile {1 + i}" for i in bins]
