"""Compute the minimum detectable effect on a rate, which the test finds with the power asked for."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy

from stages.evaluate.arrays import Flags, Floats
from stages.evaluate.contrasts.permutation import TIE, count_null

GRID = 201
"""How many rates are tried before the root is refined: power rises with the effect, but in steps."""


@dataclass(frozen=True)
class Detectable:
    """The smallest effect that is found with the power asked for."""

    effect: float
    """The difference b - a that it makes, in the statistic's unit."""
    planted: float
    """What has to be planted in arm b for it: the share of draws, or the shift of a mean."""


def detectable_rate(base: float, n_a: int, n_b: int, *, alpha: float, power: float) -> Detectable | None:
    """The smallest |rate of b - base| that is found, upwards or downwards; None if not even 0 or 1 is.

    >>> found = detectable_rate(0.0, 10, 10, alpha=0.05, power=0.8)
    >>> round(found.effect, 2)  # 5 of 10 against 0 of 10 is the least that is significant
    0.58
    """
    found = [
        rate - base
        for end in (0.0, 1.0)
        if (rate := _crossing(base, end, n_a, n_b, alpha=alpha, power=power)) is not None
    ]
    if not found:
        return None
    effect = min(found, key=lambda one: (round(abs(one), 9), -one))
    return Detectable(effect, effect)


def power_of_rates(p_a: float, p_b: float, n_a: int, n_b: int, alpha: float) -> float:
    """The chance that k_a ~ B(n_a, p_a) and k_b ~ B(n_b, p_b) differ significantly at `alpha`."""
    return float(_powers(p_a, np.array([p_b]), n_a, n_b, alpha)[0])


@lru_cache(maxsize=64)
def rejected(n_a: int, n_b: int, alpha: float) -> Flags:
    """Whether k_a of n_a against k_b of n_b has p <= alpha: shape (n_a + 1, n_b + 1).

    p is that of `mean_test` for zeros and ones: hypergeometric, two-sided by the size of the difference.
    """
    table = np.zeros((n_a + 1, n_b + 1), bool)
    for k in range(n_a + n_b + 1):
        null = count_null(k, n_a, n_b)
        size = np.abs(null.differences)
        order = np.argsort(-size, kind="stable")
        larger = np.searchsorted(-size[order], -(size - TIE * size.max()), side="right")
        p = np.cumsum(null.weights[order])[larger - 1]
        in_a = np.arange(max(0, k - n_b), min(k, n_a) + 1)
        table[in_a, k - in_a] = p <= alpha * (1 + 1e-12)
    return table


def _powers(p_a: float, p_b: Floats, n_a: int, n_b: int, alpha: float) -> Floats:
    """The power of each rate in `p_b`; same shape."""
    of_a = scipy.stats.binom.pmf(np.arange(n_a + 1), n_a, p_a)
    of_b = scipy.stats.binom.pmf(np.arange(n_b + 1), n_b, p_b[:, None])
    return of_b @ (of_a @ rejected(n_a, n_b, alpha))


def _crossing(base: float, end: float, n_a: int, n_b: int, *, alpha: float, power: float) -> float | None:
    """The rate nearest to `base`, on the way to `end`, that is found with `power`."""
    rates = np.linspace(base, end, GRID)
    enough = np.flatnonzero(_powers(base, rates, n_a, n_b, alpha) >= power)
    if not len(enough) or enough[0] == 0:
        return None
    before, after = rates[enough[0] - 1], rates[enough[0]]
    return float(
        scipy.optimize.brentq(lambda p_b: power_of_rates(base, p_b, n_a, n_b, alpha) - power, before, after)
    )
