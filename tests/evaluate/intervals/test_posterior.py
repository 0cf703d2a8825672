"""Intervals of distances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.variation import variations
from stages.evaluate.chance.nulls import p_above
from stages.evaluate.intervals.ends import distance_interval, posterior_shares


def test_the_prior_weighs_as_much_as_one_person() -> None:
    # Dirichlet means: (3 + 1/2) / (4 + 1) and (1 + 1/2) / (4 + 1); (9 + 1/4) / (9 + 1) of 4 levels
    assert posterior_shares(np.array([3, 1]), draws=20_000, seed=1).mean(axis=0) == pytest.approx(
        [0.7, 0.3], abs=0.01
    )
    four = posterior_shares(np.array([9, 0, 0, 0]), draws=20_000, seed=1)
    assert four.mean(axis=0)[0] == pytest.approx(0.925, abs=0.01)
    assert four.sum(axis=1) == pytest.approx(1)


POSTERIOR = np.linspace(0.2, 0.4, 201)


def test_what_chance_could_have_made_goes_down_to_0() -> None:
    assert distance_interval(0.3, POSTERIOR, p=0.5, confidence=0.95) == pytest.approx((0, 0.395))
    assert distance_interval(0.3, POSTERIOR, p=0.01, confidence=0.95) == pytest.approx((0.205, 0.395))


@given(st.floats(0, 1), st.floats(0.001, 1))
def test_the_observed_distance_is_inside(value: float, p: float) -> None:
    low, high = distance_interval(value, POSTERIOR, p, 0.95)
    assert 0 <= low <= value <= high


@pytest.mark.parametrize("shares", [[0.6, 0.2, 0.1, 0.1], [0.85, 0.05, 0.05, 0.05], [0.1, 0.2, 0.3, 0.4]])
def test_the_interval_holds_the_distance_of_the_arms_own_shares(shares: list[float]) -> None:
    # a perfect sampler, one that leans on a level, one that is turned round; n = 20 is few for 95 %
    reference, n, rng = np.array([0.6, 0.2, 0.1, 0.1]), 20, np.random.default_rng(1)
    true = variations(np.array(shares), reference)
    null = variations(rng.multinomial(n, reference, size=2000) / n, reference)
    held = []
    for seed, counts in enumerate(rng.multinomial(n, shares, size=200)):
        value = float(variations(counts / n, reference))
        posterior = variations(posterior_shares(counts, draws=500, seed=seed), reference)
        low, high = distance_interval(value, posterior, p_above(value, null), 0.95)
        held.append(low <= true <= high)
    assert np.mean(held) >= 0.85
