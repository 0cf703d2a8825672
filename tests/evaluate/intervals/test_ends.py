"""Intervals that hold the jackknife's and the posterior's: known answers, and laws."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from stages.evaluate.bias.cramer import strength_interval
from stages.evaluate.consistency.agreement import fleiss_kappas, kappa_interval
from stages.evaluate.fidelity.numbers import kolmogorov_interval
from stages.evaluate.fidelity.pairs import pair_counts, pair_interval, unsafe
from stages.evaluate.fidelity.tail_intervals import coverage_interval, entropy_interval, miller_madow
from stages.evaluate.intervals.ends import count_interval, jackknife_reach
from stages.evaluate.intervals.jackknife import explained_interval, jackknife_variance, turns
from stages.evaluate.variety.mean_differences import mean_interval

RUN: dict[str, Any] = {"confidence": 0.95, "seed": 1}
counts_of_levels = st.lists(st.integers(0, 30), min_size=2, max_size=6).filter(lambda row: sum(row) > 1)


def share_of_first(counts: np.ndarray) -> np.ndarray:
    return np.asarray(counts[:, 0, 0] / counts[:, 0].sum(axis=1))


def test_the_jackknife_of_a_mean_is_its_variance():
    values = np.random.default_rng(1).normal(size=30)
    left_out = (values.sum() - values) / 29
    assert jackknife_variance(left_out) == pytest.approx(values.var(ddof=1) / 30)


def test_the_jackknife_of_a_share_is_the_interval_of_a_mean():
    # of a mean the jackknife's error is sd / sqrt(n): sqrt(.3 x .7 / 9)
    reach = jackknife_reach(share_of_first, np.array([[3.0, 7]]), 0.95)
    assert reach == pytest.approx(t.ppf(0.975, 9) * (0.3 * 0.7 / 9) ** 0.5)


def test_samples_add_their_variances():
    def difference(counts: np.ndarray) -> np.ndarray:
        shares = counts / counts.sum(axis=2, keepdims=True)
        return np.asarray(shares[:, 0, 0] - shares[:, 1, 0])

    reach = jackknife_reach(difference, np.array([[3.0, 7], [4, 1]]), 0.95)
    assert reach == pytest.approx(t.ppf(0.975, 13) * (0.21 / 9 + 0.16 / 4) ** 0.5)


def test_where_all_draws_have_one_level_the_posterior_gives_the_width():
    # Beta(.5, 10.5), the posterior of a share that 10 draws did not show: 97.5 % point .217
    low, high = count_interval(0.0, share_of_first, share_of_first, np.array([[0.0, 10]]), **RUN)
    assert low == 0
    assert high == pytest.approx(0.217, abs=0.04)


@settings(max_examples=40, deadline=None)
@given(counts_of_levels)
def test_entropy_lies_in_its_interval_and_the_interval_in_its_range(counts: list[int]):
    row = np.array(counts, float)
    low, high = entropy_interval(row, **RUN)
    value = float(miller_madow(row))
    assert 0 <= low <= min(value, np.log2(len(row))) + 1e-9
    assert value - 1e-9 <= high <= max(value, np.log2(len(row))) + 1e-9


@settings(max_examples=40, deadline=None)
@given(counts_of_levels)
def test_coverage_lies_in_its_interval(counts: list[int]):
    row, known = np.array(counts, float), np.ones(len(counts), bool)
    low, high = coverage_interval(row, known, 1.0, **RUN)
    assert 0 <= low <= np.count_nonzero(row) <= high <= len(row)


def test_a_level_that_the_reference_lacks_makes_up_for_none():
    _, high = coverage_interval(np.array([5.0, 5, 0]), np.array([True, False, True]), 1.0, **RUN)
    assert high <= 2


def test_kappa_of_more_draws_has_a_narrower_interval():
    table = np.array([[6, 4], [3, 7], [9, 1]])
    few, many = kappa_interval(table, **RUN), kappa_interval(20 * table, **RUN)
    assert few[0] < float(fleiss_kappas(table.astype(float))) < few[1]
    assert many[1] - many[0] < (few[1] - few[0]) / 2


def test_independent_fields_may_have_no_association_and_tied_ones_have_one():
    low, high = strength_interval([[5, 5], [5, 5]], 0.95)
    assert low == 0
    assert high > 0.5
    low, high = strength_interval([[40, 10], [10, 40]], 0.95)
    # chi2 = 36 = 6^2 with one degree of freedom: |Z + d| <= 6 in 97.5 % at d = 6 - 1.96, in 2.5 % at 6 + 1.96
    assert (low, high) == pytest.approx((4.04 / 10, 7.96 / 10), abs=0.0005)


def test_empty_levels_change_no_interval():
    assert strength_interval([[9, 1, 0], [1, 9, 0]], 0.95) == strength_interval([[9, 1], [1, 9]], 0.95)


def test_kolmogorov_of_one_number_says_nothing():
    # its distance from its own distribution stays below .975 in 95 %
    assert kolmogorov_interval(0.5, 1, 0.95) == (0.0, 1.0)


def test_a_mean_difference_is_students_and_of_equal_ones_there_is_none():
    low, high = mean_interval(np.array([1.0, 2, 3]), 0.95)
    assert (low, high) == pytest.approx((2 - t.ppf(0.975, 2) / 3**0.5, 2 + t.ppf(0.975, 2) / 3**0.5))
    assert mean_interval(np.array([2.0, 2, 2]), 0.95) == (None, None)


def test_what_is_explained_begins_at_0_unless_the_test_rejects():
    left_out = [0.28, 0.3, 0.32]
    assert explained_interval(0.3, left_out, 0.3, 0.95)[0] == 0
    assert 0 < explained_interval(0.3, left_out, 0.001, 0.95)[0] < 0.3
    # bias: 3 x .4 - 2 x .3 = .6 is the middle, and the value stays inside
    low, high = explained_interval(0.4, left_out, 0.001, 0.95)
    assert low <= 0.4
    assert high > 0.6


def test_neighbors_are_left_out_apart():
    assert len({*turns(12).tolist()}) == 12
    assert max(np.bincount(turns(45))) == 3


def test_an_arm_that_is_the_reference_may_be_at_no_distance():
    reference = np.array([[0.4, 0.1], [0.1, 0.4]])
    pair = pair_counts(np.array([[4, 1], [1, 4]]), reference)
    few = pair_interval(pair, 0.9, **RUN)
    many = pair_interval(pair_counts(100 * pair.profiles, reference), 0.9, **RUN)
    assert few is not None
    assert many is not None
    assert few[0] == 0
    assert 0.1 < few[1] < 0.8
    assert many[1] < 0.1


def test_many_cells_need_many_profiles():
    table = np.ones((4, 5), int)
    assert unsafe(pair_counts(table, table / 20)) == "profiles: 20, cells: 20; needs n >= 80"
    assert unsafe(pair_counts(4 * table, table / 20)) is None
    assert unsafe(pair_counts(table[:, :4], table[:, :4] / 16)) is None
