"""How much a number moves between training runs, and how much among the draws of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import t

from stages.common.evaluated import EvaluatedProfile
from stages.evaluate.contrasts.declared import Contrast
from stages.evaluate.contrasts.permutation import Score, mean_score
from stages.evaluate.contrasts.statistics import MEANS, Reading, per_draw
from stages.evaluate.contrasts.testing import profiles_score


@dataclass(frozen=True)
class RunValue:
    """A statistic of the draws of one training run."""

    n: int
    """Draws that count."""
    value: float
    draws_variance: float
    """Of the value, if the same run were drawn from again."""


def run_value(contrast: Contrast, draws: Sequence[EvaluatedProfile], how: Reading) -> RunValue:
    """The contrast's statistic of one arm; at least 3 draws must count."""
    if contrast.statistic in MEANS:
        values = per_draw(contrast, draws, how)
        values = values[~np.isnan(values)]
        score, n = mean_score(values), len(values)
    else:
        profiles = [draw.profile for draw in draws if draw.profile is not None]
        score, n = profiles_score(contrast, profiles, how), len(profiles)
    return RunValue(n, float(score(np.ones((1, n), bool))[0]), jackknife_variance(score, n))


def jackknife_variance(score: Score, n: int) -> float:
    """(n - 1) / n * sum (v_i - mean v)^2, where v_i leaves draw i out (Tukey 1958; Efron & Stein 1981).

    Of a mean it is s^2 / n exactly; unlike a bootstrap it repeats no draw, so that it also holds for
    statistics of pairs of draws.

    >>> round(jackknife_variance(mean_score(np.array([0.0, 0.0, 1.0, 1.0])), 4), 4)
    0.0833
    """
    left_out = score(~np.eye(n, dtype=bool))
    return float((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())


@dataclass(frozen=True)
class Spread:
    """Variances of one arm's number; `runs` is what is seen between training runs of an arm."""

    runs: float
    draws: float
    n: float
    """Draws of a run, behind both."""

    @property
    def seed(self) -> float:
        """What the training seed adds to the draws; 0 where the runs differ no more than draws do."""
        return max(0.0, self.runs - self.draws)

    def seed_share(self, n: float) -> float:
        """Of the variance of one arm's number among n draws: due to the training seed, 0 to 1.

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


def interval(difference: float, spread: Spread, n_seeds: int, confidence: float) -> tuple[float, float]:
    """Of the mean difference over training runs: difference -+ t * sqrt(2 v / n_seeds), (low, high).

    v is the variance between runs, at least that of the draws alone: with few runs it is small by
    luck too often. t has 2 (n_seeds - 1) degrees of freedom: Student's for two equally large samples.
    """
    quantile = float(t.ppf((1 + confidence) / 2, 2 * (n_seeds - 1)))
    half = quantile * sqrt(2 * max(spread.runs, spread.draws) / n_seeds)
    return difference - half, difference + half
