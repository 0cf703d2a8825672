"""Intervals of shares, for independent draws and for draws that hang together."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from stages.common.tables.base import Rate
from stages.evaluate.units import hang_together, places_of

MIN_UNITS = 20
"""Conversations that the estimate of a design effect needs; with fewer, the worst is assumed."""


@dataclass(frozen=True)
class Tally:
    """Whether each draw that counts has the property, and the unit of each."""

    has: Sequence[bool]
    units: Sequence[Hashable]

    @property
    def n(self) -> int:
        return len(self.has)

    @property
    def k(self) -> int:
        return sum(self.has)

    def rate(self, confidence: float) -> Rate:
        """The rate with Clopper and Pearson's interval at n; at the effective n where draws hang together."""
        share, k, n = self.k / self.n, float(self.k), float(self.n)
        if hang_together(self.units):
            n = n_effective(self, confidence)
            k = share * n
        low, high = clopper_pearson(k, n, confidence)
        return Rate(rate=share, low=low, high=high)


def clopper_pearson(k: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """The exact binomial interval of a share: (low, high); k and n need not be whole.

    low  = B(a/2; k, n-k+1), 0 if k = 0;  high = B(1-a/2; k+1, n-k), 1 if k = n;
    B is the quantile of the beta distribution and a = 1 - confidence (Clopper & Pearson
    1934). It covers at least `confidence`, at small n more.

    >>> low, high = clopper_pearson(0, 10)
    >>> low, round(high, 4)
    (0.0, 0.3085)
    """
    if not 0 <= k <= n or n < 1:
        raise ValueError(f"{k} of {n} is not a share")
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else float(scipy.special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(scipy.special.betaincinv(k + 1, n - k, 1 - tail))
    return low, high


def least_effective(units: Sequence[Hashable]) -> float:
    """How many independent draws these are worth at least: n^2 / sum of size^2 over units (Kish 1965).

    So many if the draws of a unit are copies of each other: the number of units, if all are of one size.

    >>> least_effective(["a", "a", "b", "b"]), least_effective(["a"] * 9 + ["b"]) < 2
    (2.0, True)
    """
    return len(units) ** 2 / sum(size**2 for size in Counter(units).values())


def n_effective(tally: Tally, confidence: float) -> float:
    """How many independent draws a share is worth (Korn & Graubard 1998, Survey Methodology 24:193).

    n* = p (1 - p) / v · (t(n - 1) / t(g - 1))^2, with v the variance of the share over g units,
    v = g / (g - 1) · sum over units of (sum of has - p)^2 / n^2, and t Student's quantiles. Never more
    than n; never less than `least_effective`, which it is for fewer than MIN_UNITS units, and where
    all draws or none have it, so that v says nothing.
    """
    n, least = tally.n, least_effective(tally.units)
    share, unit = tally.k / n, places_of(tally.units)
    g = int(unit.max()) + 1
    if g < MIN_UNITS or share in (0.0, 1.0):
        return least
    off = np.bincount(unit, weights=np.asarray(tally.has, float) - share)
    variance = g / (g - 1) * float(off @ off) / n**2
    quantile = (1 + confidence) / 2
    freedom = float(scipy.special.stdtrit(n - 1, quantile) / scipy.special.stdtrit(g - 1, quantile)) ** 2
    found = share * (1 - share) / variance * freedom if variance else n
    return float(min(max(found, least), n))
