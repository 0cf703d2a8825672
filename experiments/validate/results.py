"""What was simulated and found, and whether the evaluation keeps its promise; metrics/validation."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pandas as pd
from rich.table import Table
from scipy.stats import binom

from stages.common.files import Metrics

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


@dataclass(frozen=True)
class Result:
    """The simulated studies with one planted effect."""

    planted: str
    draws: int
    """Draws per arm, or per training run of an arm."""
    effect: float | None
    """Planted difference b - a; None if nothing was planted."""
    counted: Kept


def result_table(results: Sequence[Result]) -> pd.DataFrame:
    """Table results.csv; `effect` is the planted difference b - a, empty if nothing was planted."""
    columns = ["planted", "draws", "effect", "studies", "n_found", "least", "most", "kept"]
    rows = [asdict(one) | asdict(one.counted) | {"kept": _answer(one.counted)} for one in results]
    return pd.DataFrame(rows, columns=columns)


def summary(results: Sequence[Result]) -> Metrics:
    """Counts by planted effect, for `git diff`."""
    return {one.planted: asdict(one.counted) for one in results}


def terminal(results: Sequence[Result]) -> Table:
    """Summary for the terminal."""
    shown = Table("planted", "draws", "effect", "found in", "promised", "kept")
    for one in results:
        effect = "-" if one.effect is None else f"{one.effect:+.2f}"
        counted = one.counted
        promised = f"{counted.least} to {counted.most}"
        found = f"{counted.n_found}/{counted.studies}"
        shown.add_row(one.planted, str(one.draws), effect, found, promised, _answer(counted))
    return shown


def _answer(counted: Kept) -> str:
    return "yes" if counted.kept else "no"
