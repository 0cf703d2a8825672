"""Is a difference between two estimates larger than their intervals allow?"""

from dataclasses import dataclass
from math import hypot


@dataclass(frozen=True)
class Estimate:
    """A value with its interval."""

    value: float
    low: float
    high: float


def difference_interval(a: Estimate, b: Estimate) -> tuple[float, float]:
    """Interval of b - a for two independent estimates, from their own intervals.

    low = d - sqrt((b - b.low)^2 + (a.high - a)^2), high = d + sqrt((b.high - b)^2 + (a - a.low)^2), with
    d = b - a: the "method of variance estimates recovery" (Zou & Donner 2008, Statistics in Medicine
    27:1693). With Wilson's intervals of two shares it is Newcombe's interval (1998, method 10). It has
    the confidence of the two intervals; where they are too wide, so is this one.

    >>> difference_interval(Estimate(0.0, -3.0, 3.0), Estimate(6.0, 2.0, 10.0))
    (1.0, 11.0)
    """
    d = b.value - a.value
    return (
        d - hypot(b.value - b.low, a.high - a.value),
        d + hypot(b.high - b.value, a.value - a.low),
    )


def is_beyond(a: Estimate, b: Estimate) -> bool:
    """Whether 0 lies outside the interval of the difference.

    Intervals that do not touch always are beyond. Intervals that overlap a little can be: of two equally
    wide ones it takes 1.41 half widths, where apart they are only from 2 on.

    >>> is_beyond(Estimate(0.0, -1.0, 1.0), Estimate(1.5, 0.5, 2.5))
    True
    >>> is_beyond(Estimate(0.0, -1.0, 1.0), Estimate(1.4, 0.4, 2.4))
    False
    """
    low, high = difference_interval(a, b)
    return low > 0 or high < 0
