"""Intervals of shares."""

from dataclasses import dataclass

from scipy.special import betaincinv


@dataclass(frozen=True)
class Rate:
    """A share in [0, 1] with its Clopper-Pearson interval."""

    rate: float
    low: float
    high: float


def clopper_pearson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact binomial interval of a share: (low, high).

    low  = B(a/2; k, n-k+1), 0 if k = 0;  high = B(1-a/2; k+1, n-k), 1 if k = n;
    B is the quantile of the beta distribution and a = 1 - confidence (Clopper & Pearson
    1934). It covers at least `confidence`, at small n more.

    Raises:
        ValueError: unless 0 <= k <= n and 1 <= n.

    >>> low, high = clopper_pearson(0, 10)
    >>> low, round(high, 4)
    (0.0, 0.3085)
    """
    if not 0 <= k <= n or n < 1:
        raise ValueError(f"{k} of {n} is not a share")
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail))
    return low, high


def rate(k: int, n: int, confidence: float) -> Rate:
    return Rate(k / n, *clopper_pearson(k, n, confidence))
