"""Perfect samplers: their bands, ranks and p."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.variation import variations
from stages.evaluate.chance import nulls
from stages.evaluate.chance.nulls import (
    binomial_band,
    binomial_p,
    null_band,
    null_counts,
    p_above,
    p_below,
    percentile_rank,
)


def null_variations(people: list[int], n: int, *, draws: int, seed: int) -> np.ndarray:
    """`people`: how many people of the reference have each level."""
    codes = np.repeat(np.arange(len(people)), people)
    return variations(
        null_counts(codes, len(people), n, draws=draws, seed=seed) / n, np.array(people) / sum(people)
    )


def test_every_draw_has_n_people() -> None:
    counts = null_counts([0, 0, 1], 3, 7, draws=2000, seed=1)
    assert counts.shape == (2000, 3)
    assert (counts.sum(axis=1) == 7).all()
    assert not counts[:, 2].any()
    # 2 of 3 people have level 0
    assert counts[:, 0].mean() == pytest.approx(7 * 2 / 3, abs=0.2)


@pytest.mark.parametrize(("fixed", "variance"), [(True, 7 * 2 / 9), (False, 7 * 2 / 9 * (1 + 6 / 3))])
def test_a_population_that_is_drawn_itself_adds_its_own_error(fixed: bool, variance: float) -> None:
    # n p q, times 1 + (n - 1) / N where a population of N is drawn first
    counts = null_counts([0, 0, 1], 2, 7, draws=20_000, seed=1, fixed=fixed)
    assert counts[:, 0].var() == pytest.approx(variance, rel=0.05)


def test_measures_of_a_cell_see_the_same_samplers() -> None:
    # 4 people by two fields of two levels; each field's counts are margins of the pair's
    pair = null_counts([0, 1, 2, 3], 4, 5, draws=100, seed=1)
    first, second = (null_counts(codes, 2, 5, draws=100, seed=1) for codes in ([0, 0, 1, 1], [0, 1, 0, 1]))
    assert (pair[:, 0] + pair[:, 1] == first[:, 0]).all()
    assert (pair[:, 0] + pair[:, 2] == second[:, 0]).all()


def test_null_of_one_draw_of_a_fair_coin() -> None:
    # one draw of two equal levels: shares (1, 0) or (0, 1), both 1/2 away
    assert set(null_variations([1, 1], 1, draws=100, seed=3)) == {0.5}


def test_null_mean_of_two_draws_of_a_fair_coin() -> None:
    # a population of 2 is alike in half of the cases, so that both draws are; otherwise they are in half of
    # the cases: variation 1/2 in 3 of 4, in the mean 3/8
    assert null_variations([1, 1], 2, draws=20_000, seed=3).mean() == pytest.approx(3 / 8, abs=0.01)


def test_two_samples_of_ten_are_far_apart_even_without_effect() -> None:
    # expected .35 between two samples of 10 at 5 equal levels
    null = null_variations([2] * 5, 10, draws=20_000, seed=3)
    assert null.mean() == pytest.approx(0.35, abs=0.02)


@pytest.mark.parametrize("n", [10, 50])
def test_the_band_holds_a_perfect_sampler_as_often_as_it_says(n: int) -> None:
    people = [14, 2, 2, 1, 1]
    low, high = null_band(null_variations(people, n, draws=10_000, seed=1), 0.95)
    again = null_variations(people, n, draws=10_000, seed=2)
    # at small n few values are possible, so that the ends hold more than 2.5 %
    assert 0.94 <= ((low <= again) & (again <= high)).mean() <= 0.995


def test_the_percentile_of_a_perfect_sampler_is_50_in_the_mean() -> None:
    null = null_variations([3, 2], 10, draws=10_000, seed=1)
    ranks = [percentile_rank(tv, null) for tv in null_variations([3, 2], 10, draws=500, seed=2)]
    assert np.mean(ranks) == pytest.approx(50, abs=4)


def test_p_is_never_0_and_counts_ties() -> None:
    # of 4: one reaches 4 or more, so (1 + 1) / (1 + 4); none reaches 5; all are >= 1
    null = np.array([1.0, 2.0, 3.0, 4.0])
    assert [p_above(value, null) for value in (4.0, 5.0, 1.0)] == [0.4, 0.2, 1.0]
    assert [p_below(value, null) for value in (1.0, 0.0, 4.0)] == [0.4, 0.2, 1.0]


def test_a_band_of_a_share_that_is_a_samples_is_wider() -> None:
    # 50 of 100: of 200 further ones, variance n p q (1 + (n - 1) / 102) = 148, standard deviation 12.1
    exact, sampled = (binomial_band(100, 200, 0.5, 0.95, n_reference=size) for size in (None, 100))
    assert (exact.band_low, exact.band_high) == (0.43, 0.57)
    assert (sampled.band_low, sampled.band_high) == (0.38, 0.62)
    # nobody of 240: 1 of 10 further ones is no proof, though the exact share 0 would have none
    assert binomial_p(1, 10, 0.0, 9_999) == 1e-4
    assert binomial_p(1, 10, 0.0, 9_999, n_reference=240) == pytest.approx(0.04, abs=0.005)


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 50), st.integers(1, 50))
def test_outside_its_band_p_is_small(k: int, n: int, n_with: int, size: int) -> None:
    k, n_with = min(k, n), min(n_with, size)
    band = binomial_band(k, n, n_with / size, 0.9, n_reference=size)
    assert band.band_low is not None
    assert band.band_high is not None
    outside = not band.band_low <= k / n <= band.band_high
    assert outside == (binomial_p(k, n, n_with / size, 9_999, n_reference=size) < 0.1)


def test_a_binomial_p_is_never_0() -> None:
    # of 10 people, 0 to 10 with 1/2 each: 1 or fewer and 9 or more are 22 of 1024
    assert binomial_p(1, 10, 0.5, 999) == pytest.approx(22 / 1024)
    for k, n, share in ((3, 10, 0.0), (9, 10, 1.0), (10_000, 10_000, 0.01)):
        assert binomial_p(k, n, share, 999) == 1 / 1000
    assert binomial_p(0, 10, 0.0, 999) == binomial_p(10, 10, 1.0, 999) == 1


@pytest.mark.parametrize("n", [2, 30, 200])
def test_many_people_are_counted_draw_by_draw_to_the_same_numbers(
    n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = np.arange(40) % 3
    by_person = null_counts(codes, 3, n, draws=50, seed=1)
    monkeypatch.setattr(nulls, "COUNTED", 0)
    monkeypatch.setattr(nulls, "_AT_ONCE", 100)
    assert (null_counts(codes, 3, n, draws=50, seed=1) == by_person).all()


@pytest.mark.parametrize(("n_people", "n"), [(240, 200), (80, 200), (50, 200), (240, 10), (50, 10)])
@pytest.mark.parametrize(
    "shares", [(0.5, 0.5), (0.78, 0.1, 0.06, 0.06), (0.3, 0.2, 0.15, 0.1, 0.1, 0.08, 0.07)]
)
def test_further_people_lie_above_their_band_as_rarely_as_promised(
    n_people: int, n: int, shares: tuple[float, ...]
) -> None:
    # the reference and the arm are both drawn from the same population, which neither knows
    rng, above = np.random.default_rng(3), 0
    for _ in range(200):
        people = rng.multinomial(n_people, shares)
        null = null_variations(people.tolist(), n, draws=1000, seed=1)
        found = float(variations(rng.multinomial(n, shares) / n, people / n_people))
        above += found > null_band(null, 0.95)[1]
    # 2.5 % promised, 10 to 60 % if the reference were taken as exact; P(B(200, .04) > 18) = .0005
    assert above <= 18
