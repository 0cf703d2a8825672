"""The rule: known answers, laws, and how often it is wrong where nothing differs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact, norm

from stages.common.variation import variations
from stages.evaluate.chance.nulls import p_above
from stages.evaluate.contrasts.interval import newcombe
from stages.evaluate.intervals.ends import distance_interval, posterior_shares
from stages.evaluate.intervals.rates import clopper_pearson
from thesis.diff.rule import Estimate, difference_interval, is_beyond


def wilson(k, n):
    # Wilson 1927: (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2 / 4)) / (n + z^2)
    z = norm.ppf(0.975)
    reach = z * np.sqrt(k * (n - k) / n + z**2 / 4)
    return Estimate(k / n, (k + z**2 / 2 - reach) / (n + z**2), (k + z**2 / 2 + reach) / (n + z**2))


def exact(k, n):
    return Estimate(k / n, *clopper_pearson(k, n))


@st.composite
def estimates(draw):
    value = draw(st.floats(-5, 5))
    below, above = (draw(st.floats(0.01, 3)) for _ in range(2))
    return Estimate(value, value - below, value + above)


def test_newcombes_published_example():
    # Newcombe 1998, table II, (a) 56/70 - 48/80 by method 10: 0.0524 to 0.3339
    low, high = difference_interval(wilson(48, 80), wilson(56, 70))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@given(st.integers(0, 30), st.integers(0, 12))
def test_with_wilsons_intervals_it_is_newcombes(k_a, k_b):
    found = difference_interval(wilson(k_a, 30), wilson(k_b, 12))
    assert found == pytest.approx(newcombe(k_a / 30, 30, k_b / 12, 12, 0.95), abs=1e-9)


def test_of_symmetric_intervals_the_squares_of_the_half_widths_add_up():
    # half widths 3 and 4: sqrt(9 + 16) = 5
    assert difference_interval(Estimate(1, -2, 4), Estimate(2, -2, 6)) == (1 - 5, 1 + 5)


@given(estimates(), estimates())
def test_swapping_the_runs_negates_the_interval(a, b):
    low, high = difference_interval(a, b)
    assert difference_interval(b, a) == pytest.approx((-high, -low))
    assert is_beyond(a, b) == is_beyond(b, a)


@given(estimates(), estimates())
def test_intervals_that_do_not_touch_are_beyond(a, b):
    if a.high < b.low or b.high < a.low:
        assert is_beyond(a, b)


@given(estimates())
def test_a_value_inside_the_others_interval_is_not_beyond(a):
    assert not is_beyond(a, a)
    assert not is_beyond(a, Estimate(a.high, a.high - 1, a.high + 1))


def test_intervals_may_overlap_and_still_be_beyond():
    a, b = exact(0, 10), exact(5, 10)
    assert a.high > b.low
    assert is_beyond(a, b)
    assert not is_beyond(a, exact(4, 10))


@pytest.mark.parametrize(("n_a", "n_b"), [(10, 10), (9, 10), (10, 30), (200, 200)])
def test_without_a_difference_few_shares_are_beyond(n_a, n_b):
    """Exact: the binomial probability of all pairs of counts that are beyond, at every true share."""
    beyond = pairs(n_a, n_b, is_beyond)
    shares = np.linspace(0.005, 0.995, 199)
    assert max(chance(beyond, share, share) for share in shares) <= 0.05


def test_the_numbers_of_the_page():
    """docs/experiments.md: chances at ten draws each."""
    beyond = pairs(10, 10, is_beyond)
    apart = pairs(10, 10, lambda a, b: a.high < b.low or b.high < a.low)
    shares = np.linspace(0.005, 0.995, 199)
    assert max(chance(beyond, share, share) for share in shares) == pytest.approx(0.023, abs=5e-4)
    assert max(chance(apart, share, share) for share in shares) == pytest.approx(0.001, abs=5e-4)
    assert chance(beyond, 0.3, 0.8) == pytest.approx(0.49, abs=5e-3)
    assert chance(apart, 0.3, 0.8) == pytest.approx(0.12, abs=5e-3)
    tables = [[np.array([[i, 10 - i], [j, 10 - j]]) for j in range(11)] for i in range(11)]
    fisher = np.array([[fisher_exact(table).pvalue <= 0.05 for table in row] for row in tables])
    assert (fisher != beyond).sum() == 4


@pytest.mark.parametrize("level", [1.0, 0.5, 0.0])
def test_mean_total_variation_is_not_beyond_without_a_difference(level):
    """100 pairs of runs; `level`: how far the shares lie from the reference, 1 the original's."""
    rng = np.random.default_rng(1)
    original = [[0.525, 0.475], [0.05, 0.1, 0.07, 0.78], [0.07, 0.93], [0.84, 0.16], [0.82, 0.18]]
    fields = [(np.array(one), np.full(len(one), 1 / len(one))) for one in original]
    arm = [((1 - level) * parity + level * shares, parity) for shares, parity in fields]
    runs = [mean_variation(arm, rng) for _ in range(200)]
    assert sum(map(is_beyond, runs[:100], runs[100:])) == 0


def mean_variation(arm, rng, n=10, draws=200):
    """The mean over fields of value and ends, as mean_variation.csv has them."""
    found = []
    for shares, reference in arm:
        counts = rng.multinomial(n, shares)
        tv = float(variations(counts / n, reference))
        null = variations(rng.multinomial(n, reference, size=draws) / n, reference)
        posterior = posterior_shares(counts, draws=draws, seed=int(rng.integers(2**31)))
        p = p_above(tv, null)
        found.append((tv, *distance_interval(tv, variations(posterior, reference), p, 0.95)))
    return Estimate(*np.mean(found, axis=0).tolist())


def pairs(n_a, n_b, rule):
    counts_a, counts_b = [exact(k, n_a) for k in range(n_a + 1)], [exact(k, n_b) for k in range(n_b + 1)]
    return np.array([[rule(a, b) for b in counts_b] for a in counts_a])


def chance(found, share_a, share_b):
    n_a, n_b = (n - 1 for n in found.shape)
    return binom.pmf(range(n_a + 1), n_a, share_a) @ found @ binom.pmf(range(n_b + 1), n_b, share_b)
