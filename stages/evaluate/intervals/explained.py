"""The interval of a share of variation: R2 of sources, partial eta2 of effects."""

from collections.abc import Sequence

import numpy as np

from stages.evaluate.arrays import Places
from stages.evaluate.intervals.jackknife import GROUPS, jackknife


def turns(n: int) -> Places:
    """The group in which each of n rows is left out: shape (n,); neighbours are in different ones.

    >>> turns(3).tolist()
    [0, 1, 2]
    """
    return np.arange(n) % min(n, GROUPS)


def explained_interval(
    value: float, left_out: Sequence[float], p: float, confidence: float
) -> tuple[float, float]:
    """The jackknife's interval around g value - (g - 1) mean of `left_out`, widened to hold what is possible.

    A share of variation is too large in the mean at small n; g leave-outs say by how much (Quenouille
    1956; Tukey 1958). It is never 0, even if there is no effect: so low is 0 unless the permutation
    test rejects, p <= (1 - confidence) / 2; and the value is always inside.
    """
    g = len(left_out)
    low, high = jackknife(g * value - (g - 1) * float(np.mean(left_out)), left_out, confidence)
    inside = p <= (1 - confidence) / 2
    return max(0.0, min(low, value)) if inside else 0.0, min(1.0, max(high, value))
