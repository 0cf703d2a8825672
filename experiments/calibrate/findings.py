"""A contrast over pairs of training runs: its differences, what chance gives, what stands.

The rule, written down before any calibration was run. A contrast

- **stands**, if every pair of runs has the sign of the mean difference, Holm's p of the mean is at
  most alpha (draws alone would not do it), and the interval over training runs leaves 0 out
  (seeds alone would not do it);
- **does not stand**, if neither the p nor the interval tells it from 0;
- is **undecided** otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.calibrate.spread import RunValue, Spread, interval, run_value, spread_of
from stages.common.calibration import Verdict
from stages.common.seeds import seed_for
from stages.evaluate.cells import Cell, Study
from stages.evaluate.contrasts.declared import Contrast
from stages.evaluate.contrasts.family import compare, reading_of
from stages.evaluate.contrasts.permutation import Null, Outcome

MIN_DRAWS = 10
"""That count, in each run: fewer say nothing about the spread among draws."""


@dataclass(frozen=True)
class Finding:
    """What became of one contrast; runs and outcomes in the order of the pairs."""

    contrast: Contrast
    outcomes: tuple[Outcome, ...]
    runs_a: tuple[RunValue, ...]
    runs_b: tuple[RunValue, ...]
    p: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        return mean_difference(self.outcomes)

    @property
    def spread(self) -> Spread:
        return spread_of(self.runs_a, self.runs_b)

    @property
    def n_same_sign(self) -> int:
        return sum(np.sign(one.difference) == np.sign(self.difference) != 0 for one in self.outcomes)

    def verdict(self, p_adjusted: float, alpha: float) -> Verdict:
        """By the rule above."""
        by_draws, by_runs = p_adjusted <= alpha, not self.low <= 0 <= self.high
        if by_draws and by_runs and self.n_same_sign == len(self.outcomes):
            return "stands"
        return "undecided" if by_draws or by_runs else "does not stand"


def find(contrast: Contrast, pairs: Sequence[tuple[Cell, Cell]], study: Study) -> Finding | str:
    """Cells of arm a and arm b, a pair for each training run; the reason, if too few draws count."""
    outcomes = []
    for number, (a, b) in enumerate(pairs, start=1):
        outcome = compare(contrast, a, b, _reseeded(study, number))
        if isinstance(outcome, str):
            return f"training run {number}: {outcome}"
        if min(outcome.n_a, outcome.n_b) < MIN_DRAWS:
            return f"training run {number}: {outcome.n_a} and {outcome.n_b} draws count; needs {MIN_DRAWS}"
        outcomes.append(outcome)
    how = reading_of(contrast, study)
    runs_a, runs_b = (tuple(run_value(contrast, pair[arm].draws, how) for pair in pairs) for arm in (0, 1))
    null = pooled_null([one.null for one in outcomes], study.params.null_draws, _seed(contrast, study))
    difference = mean_difference(outcomes)
    ends = interval(difference, spread_of(runs_a, runs_b), len(pairs), study.params.confidence)
    return Finding(contrast, tuple(outcomes), runs_a, runs_b, null.p(difference), *ends)


def mean_difference(outcomes: Sequence[Outcome]) -> float:
    """Each pair of runs weighs the same, however many of its draws count."""
    return float(np.mean([one.difference for one in outcomes]))


def pooled_null(nulls: Sequence[Null], draws: int, seed: int) -> Null:
    """Of the mean difference: labels are exchanged within each pair of runs, never between pairs."""
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(null.differences, draws, p=null.weights) for null in nulls]
    return Null(np.mean(drawn, axis=0), np.full(draws, 1 / draws), exact=False)


def _reseeded(study: Study, number: int) -> Study:
    """Other permutations for every pair."""
    seed = seed_for(study.params.seed, "calibrate", number)
    return replace(study, params=study.params.model_copy(update={"seed": seed}))


def _seed(contrast: Contrast, study: Study) -> int:
    return seed_for(study.params.seed, "calibrate", contrast.id)
