"""Decide whether a count of simulated studies keeps what the evaluation promises."""

from dataclasses import dataclass

from scipy.stats import binom

BAND = 0.99
"""If power is as promised, chance alone leaves its band in 1 of 100 validations."""
ONE_SIDED = 0.975
"""Chance alone exceeds the limit of false findings in at most 1 of 40 validations."""


@dataclass(frozen=True)
class Kept:
    """How many simulated studies found something, and how many may."""

    n_found: int
    studies: int
    least: int
    most: int

    @property
    def kept(self) -> bool:
        return self.least <= self.n_found <= self.most


def power_kept(n_found: int, studies: int, power: float) -> Kept:
    """Allow the middle BAND of the binomial distribution.

    >>> power_kept(160, 200, 0.8)
    Kept(n_found=160, studies=200, least=145, most=174)
    """
    tail = (1 - BAND) / 2
    least, most = (int(binom.ppf(share, studies, power)) for share in (tail, 1 - tail))
    return Kept(n_found, studies, least, most)


def silence_kept(n_found: int, studies: int, alpha: float) -> Kept:
    """Allow at most as many as a test finds that is wrong with probability alpha.

    >>> silence_kept(10, 200, 0.05)
    Kept(n_found=10, studies=200, least=0, most=16)
    """
    return Kept(n_found, studies, 0, int(binom.ppf(ONE_SIDED, studies, alpha)))
