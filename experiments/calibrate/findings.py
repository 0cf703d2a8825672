"""Test a contrast over pairs of training runs: each run's number, and the test over runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.calibrate.rule import OverRuns, paired
from experiments.calibrate.spread import RunValue, Spread, run_value, spread_of
from stages.evaluate.cells import Cell, Study
from stages.evaluate.contrasts.statistics import reading_of
from stages.evaluate.declared import Contrast


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
