"""Intervals of what the counts of levels show: the posterior of the shares behind them, and the jackknife."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import scipy

from stages.evaluate.arrays import Floats, Places
from stages.evaluate.intervals.jackknife import jackknife_variance

Measure: TypeAlias = Callable[[Floats], Floats]
"""Maps shape (m, n_samples, n_levels) to the measure of each: shape (m,)."""

DRAWS = 400
"""Draws of the posterior."""


def count_interval(
    value: float, of_counts: Measure, of_shares: Measure, counts: Floats, *, confidence: float, seed: int
) -> tuple[float, float]:
    """The shortest interval that holds `value`, the jackknife's interval and the posterior's middle.

    Either fails where the other holds: the jackknife has no width where all draws have one level, and
    the posterior leaves out what many levels, equally frequent, would give. See `jackknife_reach`;
    the posterior is that of `posterior_shares`, each sample by itself.

    Args:
        value: `of_counts` of all draws.
        of_shares: what `of_counts` estimates.
        counts: shape (n_samples, n_levels).
    """
    tail = (1 - confidence) / 2
    shares = [posterior_shares(row, draws=DRAWS, seed=seed + i) for i, row in enumerate(counts)]
    ends = [value, *np.quantile(of_shares(np.stack(shares, axis=1)), [tail, 1 - tail])]
    reach = jackknife_reach(of_counts, counts, confidence)
    ends += [value - reach, value + reach] if np.isfinite(reach) else []
    return float(min(ends)), float(max(ends))


def jackknife_reach(of_counts: Measure, counts: Floats, confidence: float) -> float:
    """t se, with se^2 = the sum over samples of `jackknife_variance`; NaN where undefined.

    Each draw of a sample is left out in turn. t is the quantile of Student's distribution with the draws
    less the samples as degrees of freedom.
    """
    squared = 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        for i, row in enumerate(counts):
            seen = np.flatnonzero(row)
            less = np.repeat(counts[None], len(seen), axis=0)
            less[np.arange(len(seen)), i, seen] -= 1
            squared += jackknife_variance(of_counts(less), row[seen])
    n_free = counts.sum() - len(counts)
    return float(np.sqrt(squared) * scipy.special.stdtrit(n_free, (1 + confidence) / 2)) if n_free else np.nan


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
