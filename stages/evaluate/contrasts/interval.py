"""The interval of a difference between two arms."""

from collections.abc import Hashable, Sequence

import numpy as np
import scipy

from stages.evaluate.arrays import Flags
from stages.evaluate.contrasts.permutation import Score
from stages.evaluate.intervals.jackknife import jackknife_variance
from stages.evaluate.units import places_of


def newcombe(p_a: float, n_a: float, p_b: float, n_b: float, confidence: float) -> tuple[float, float]:
    """Confidence interval for the difference of two shares, b - a: Newcombe's hybrid of Wilson's intervals.

    low = d - sqrt((p_b - l_b)^2 + (u_a - p_a)^2), high = d + sqrt((u_b - p_b)^2 + (p_a - l_a)^2),
    with d = p_b - p_a and (l, u) the score interval of each share (Wilson 1927; Newcombe 1998, method 10).

    >>> low, high = newcombe(0.0, 10, 0.5, 10, 0.95)
    >>> round(low, 3), round(high, 3)
    (0.117, 0.763)
    """
    (low_a, high_a), (low_b, high_b) = (_wilson(p, n, confidence) for p, n in ((p_a, n_a), (p_b, n_b)))
    d = p_b - p_a
    low, high = np.hypot(p_b - low_b, high_a - p_a), np.hypot(high_b - p_b, p_a - low_a)
    return float(d - low), float(d + high)


def jackknife_error(score: Score, is_a: Flags, units: Sequence[Hashable] | None = None) -> float | None:
    """The jackknife's standard error of a difference; each unit of either arm is left out in turn.

    se^2 = the sum over arms of `jackknife_variance`; None if an arm has too few draws for the statistic
    without one of them.
    """
    total, places = 0.0, np.arange(len(is_a)) if units is None else places_of(units)
    for arm in (is_a, ~is_a):
        with np.errstate(invalid="ignore", divide="ignore"):
            left_out = score(arm & (places != np.unique(places[arm])[:, None]))
        if len(left_out) < 2 or not np.isfinite(left_out).all():
            return None
        total += jackknife_variance(left_out)
    return float(np.sqrt(total))


def student(
    difference: float, error: float, n_a: float, n_b: float, confidence: float
) -> tuple[float, float]:
    """difference -+ t error, with the degrees of freedom of the smaller arm."""
    width = error * float(scipy.stats.t.ppf((1 + confidence) / 2, min(n_a, n_b) - 1))
    return difference - width, difference + width


def _wilson(p: float, n: float, confidence: float) -> tuple[float, float]:
    z = float(scipy.stats.norm.ppf((1 + confidence) / 2))
    center = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    width = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return float(max(0.0, center - width)), float(min(1.0, center + width))
