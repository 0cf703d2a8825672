"""Permutation tests: values by hand, Fisher's test, and their laws."""

from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from scipy.stats import permutation_test as scipys_test

from stages.evaluate.contrasts.permutation import (
    assignments,
    count_null,
    mean_score,
    mean_test,
    permutation_test,
)

LIMITS: dict[str, Any] = {"draws": 2000, "seed": 1}


def flags(n_a: int, n_b: int) -> np.ndarray:
    return np.arange(n_a + n_b) < n_a


def test_all_assignments_of_two_and_two() -> None:
    # values 0 0 | 1 3: means of a over all 6 pairs 0, .5, 1.5, .5, 1.5, 2; difference b - a: 2 1 -1 1 -1 -2
    found = permutation_test(mean_score(np.array([0.0, 0, 1, 3])), flags(2, 2), **LIMITS)
    assert sorted(found.null.differences) == [-2, -1, -1, 1, 1, 2]
    assert (found.value_a, found.value_b, found.difference) == (0, 2, 2)
    assert found.p == pytest.approx(2 / 6)
    assert found.null.exact


@pytest.mark.parametrize(("k_a", "k_b"), [(0, 5), (8, 3), (5, 5), (0, 0), (10, 0)])
def test_zeros_and_ones_of_equal_arms_are_fishers_test(k_a: int, k_b: int) -> None:
    values = np.array([1.0] * k_a + [0.0] * (10 - k_a) + [1.0] * k_b + [0.0] * (10 - k_b))
    expected = fisher_exact(np.array([[k_a, 10 - k_a], [k_b, 10 - k_b]])).pvalue
    assert mean_test(values, flags(10, 10), **LIMITS).p == pytest.approx(expected)


@given(st.integers(1, 4), st.integers(1, 5), st.data())
def test_the_short_way_for_counts_is_the_long_one(n_a: int, n_b: int, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(st.integers(0, 1), min_size=n_a + n_b, max_size=n_a + n_b))
    values = np.array(drawn, float)
    short = mean_test(values, flags(n_a, n_b), **LIMITS)
    long = permutation_test(mean_score(values), flags(n_a, n_b), **LIMITS)
    assert short.p == pytest.approx(long.p)
    assert short.null.band(0.9) == pytest.approx(long.null.band(0.9))


@given(st.lists(st.integers(-20, 20), min_size=3, max_size=8), st.integers(1, 2))
def test_exchanging_the_arms_negates_the_difference_and_keeps_p(drawn: list[int], n_a: int) -> None:
    values, is_a = np.array(drawn, float), flags(n_a, len(drawn) - n_a)
    first, second = mean_test(values, is_a, **LIMITS), mean_test(values, ~is_a, **LIMITS)
    assert second.difference == pytest.approx(-first.difference)
    assert second.p == pytest.approx(first.p)


def test_scipy_gives_the_same_p() -> None:
    # scipy doubles the smaller side: the same only for equally many draws
    a, b = np.array([3.1, 5.0, 2.2, 9.4]), np.array([7.7, 8.1, 6.0, 9.9])
    theirs = scipys_test((a, b), lambda x, y, axis: y.mean(axis) - x.mean(axis), vectorized=True)
    ours = mean_test(np.concatenate([a, b]), flags(4, 4), **LIMITS)
    assert ours.p == pytest.approx(theirs.pvalue)


def test_equal_arms_have_p_1_whatever_the_rounding() -> None:
    values = np.array([0.1, 0.2, 0.3, 0.3, 0.2, 0.1]) * 1e5
    assert mean_test(values, flags(3, 3), **LIMITS).p == 1


def test_all_of_10_and_10_are_gone_through_but_no_more() -> None:
    chosen, exact = assignments(10, 10, draws=5, seed=1)
    assert (chosen.shape, exact) == ((comb(20, 10), 20), True)
    assert (chosen.sum(axis=1) == 10).all()
    chosen, exact = assignments(10, 11, draws=5, seed=1)
    assert (chosen.shape, exact) == ((5, 21), False)
    assert (chosen.sum(axis=1) == 10).all()


def test_a_sample_of_permutations_counts_the_observed_one() -> None:
    values = np.r_[np.linspace(0, 1, 20), np.linspace(10, 11, 20)]
    found = mean_test(values, flags(20, 20), draws=99, seed=1)
    assert found.p == pytest.approx(1 / 100)
    assert found == found.__class__(20, 20, found.value_a, found.value_b, found.null)


def test_draws_of_one_conversation_are_exchanged_as_one() -> None:
    # 2 conversations an arm, 5 equal draws each: 6 assignments, of which 2 are as large, not 2 of 184,756
    values = np.repeat([0.0, 0.1, 1.0, 1.1], 5)
    units = np.repeat(["a1", "a2", "b1", "b2"], 5).tolist()
    found = mean_test(values, flags(10, 10), **LIMITS, units=units)
    assert found.p == pytest.approx(2 / 6)
    assert (found.n_a, found.n_b) == (10, 10)
    with pytest.raises(ValueError, match="draws of both arms"):
        mean_test(values, flags(10, 10), **LIMITS, units=["one"] * 20)


def test_an_arm_without_draws_is_refused() -> None:
    with pytest.raises(ValueError, match="each arm needs a draw"):
        mean_test(np.ones(3), flags(3, 0), **LIMITS)


def test_the_band_of_counts() -> None:
    # 1 of 4 draws has it: it is a's or b's, each with 1/2: difference -.5 or .5
    null = count_null(1, 2, 2)
    assert null.band(0.95) == (-0.5, 0.5)
    assert null.p(0.5) == 1


def test_p_is_at_most_alpha_as_rarely_as_it_says() -> None:
    rng = np.random.default_rng(1)
    p = [mean_test(rng.integers(0, 2, 20).astype(float), flags(10, 10), **LIMITS).p for _ in range(1000)]
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1000)
