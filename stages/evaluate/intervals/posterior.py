"""How large may a distance really be? The posterior of the shares behind it."""

import numpy as np

from stages.evaluate.arrays import Floats, Places


def posterior_shares(counts: Places, *, draws: int, seed: int) -> Floats:
    """Shares that the counts allow: shape (draws, n_levels), draws of Dirichlet(counts + 1 / n_levels).

    The prior weighs as much as one person, however many levels there are (Perks 1947; Berger,
    Bernardo & Sun 2015, section 2). Jeffreys' 1/2 a level would weigh as much as 10 people at 20
    levels, and hide at n = 10 that an arm writes one level only.
    """
    return np.random.default_rng(seed).dirichlet(counts + 1 / len(counts), size=draws)


def distance_interval(value: float, posterior: Floats, p: float, confidence: float) -> tuple[float, float]:
    """The middle `confidence` of a distance's posterior, widened to hold what is possible: (low, high).

    A posterior of a distance never reaches 0, even if the arm is a perfect sampler. So low is 0
    unless the null is rejected, p <= (1 - confidence) / 2; and the observed value is always inside.
    """
    tail = (1 - confidence) / 2
    low, high = np.quantile(posterior, [tail, 1 - tail])
    return (0.0 if p > tail else min(float(low), value)), max(float(high), value)
