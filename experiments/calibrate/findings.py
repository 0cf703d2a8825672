"""Test a contrast over pairs of training runs: each run's number, its spread, and the test over runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.calibrate.rule import OverRuns, paired
from stages.common.evaluated import EvaluatedProfile
from stages.common.records import Profile
from stages.evaluate.cells import Cell, Study
from stages.evaluate.contrasts.permutation import mean_score
from stages.evaluate.contrasts.statistics import (
    MEANS,
    Reading,
    categories,
    per_draw,
    profiles_score,
    reading_of,
)
from stages.evaluate.declared import Contrast
from stages.evaluate.intervals.jackknife import jackknife_variance

MIN_DRAWS = 10
"""Least draws that count per run; fewer say nothing about the spread among draws."""


@dataclass(frozen=True)
class RunValue:
    """A statistic of the draws of one training run."""

    n: int
    """Draws that count."""
    value: float
    draws_variance: float
    """Variance of the value, if the same run were drawn from again."""


def run_value(contrast: Contrast, draws: Sequence[EvaluatedProfile], how: Reading) -> RunValue | str:
    """The contrast's statistic of one arm; the reason, if too few draws count or it is undefined."""
    values = per_draw(contrast, draws, how)
    counts = ~np.isnan(values)
    n = int(counts.sum())
    if n < MIN_DRAWS:
        return f"{n} draws count; needs {MIN_DRAWS}"
    kept = [draw.profile for draw, counted in zip(draws, counts, strict=True) if counted]
    profiles = [profile for profile in kept if profile is not None]
    if contrast.statistic in MEANS:
        score = mean_score(values[counts])
    elif lone := _lone(contrast, profiles, how):
        return f"shows one level of {lone} alone"
    else:
        score = profiles_score(contrast, profiles, how)
    left_out = score(~np.eye(n, dtype=bool))
    return RunValue(n, float(score(np.ones((1, n), bool))[0]), jackknife_variance(left_out))


def _lone(contrast: Contrast, profiles: Sequence[Profile], how: Reading) -> str:
    """The field of an association that does not vary; "" if both do."""
    paths = [path for path in (contrast.field, contrast.attribute) if path and contrast.attribute]
    return next((path for path in paths if len(set(categories(profiles, path, how))) < 2), "")


@dataclass(frozen=True)
class Spread:
    """Variances of one arm's number; `runs` is what is seen between training runs of an arm."""

    runs: float
    draws: float
    n: float
    """Draws per run behind both variances."""

    @property
    def seed(self) -> float:
        """Variance that the training seed adds; 0 if the runs differ no more than draws do."""
        return max(0.0, self.runs - self.draws)

    def seed_share(self, n: float) -> float:
        """Share of the variance of one arm's number, at n draws, that is due to the training seed.

        >>> Spread(runs=0.03, draws=0.01, n=200).seed_share(10)  # 0.02 of 0.02 + 0.01 * 200 / 10
        0.0909...
        """
        total = self.seed + self.draws * self.n / n
        return self.seed / total if total else 0.0


def spread_of(a: Sequence[RunValue], b: Sequence[RunValue]) -> Spread:
    """Both arms' runs together: the mean of their variances (each around its own arm's mean)."""
    runs = np.mean([np.var([run.value for run in arm], ddof=1) for arm in (a, b)])
    both = [*a, *b]
    draws = np.mean([run.draws_variance for run in both])
    return Spread(float(runs), float(draws), float(np.mean([run.n for run in both])))


@dataclass(frozen=True)
class Finding:
    """The numbers and the test of one contrast; runs in the order of the pairs."""

    contrast: Contrast
    runs_a: tuple[RunValue, ...]
    runs_b: tuple[RunValue, ...]
    tested: OverRuns

    @property
    def spread(self) -> Spread:
        return spread_of(self.runs_a, self.runs_b)


def find(contrast: Contrast, pairs: Sequence[tuple[Cell, Cell]], study: Study) -> Finding | str:
    """Test a contrast on cells of arms a and b, one pair per training run.

    Each pair of runs has the same weight, however many of its draws count.

    Returns:
        the reason, if a run has no number.
    """
    how = reading_of(contrast, study)
    runs = []
    for number, pair in enumerate(pairs, start=1):
        for cell in pair:
            value = run_value(contrast, cell.draws, how)
            if isinstance(value, str):
                return f"training run {number}, {cell.arm}: {value}"
            runs.append(value)
    runs_a, runs_b = tuple(runs[::2]), tuple(runs[1::2])
    values_a, values_b = ([run.value for run in some] for some in (runs_a, runs_b))
    return Finding(contrast, runs_a, runs_b, paired(values_a, values_b, study.params.confidence))
