"""What each training of a calibration wrote: the marks of the first picture."""

from dataclasses import dataclass
from pathlib import Path

from stages.report.loading import read_rows

FOLDER = Path("metrics/calibration")
RUNS, PAIRS = FOLDER / "runs.csv", FOLDER / "pairs.csv"


@dataclass(frozen=True)
class RunRow:
    """runs.csv; one training of one arm, and its number for one contrast."""

    contrast: str
    arm: str
    run: int
    n: int
    """Draws that count."""
    value: float


@dataclass(frozen=True)
class PairRow:
    """pairs.csv; two trainings with the same random start."""

    contrast: str
    run: int
    difference: float
    """b - a."""


@dataclass(frozen=True)
class Trainings:
    """All trainings of a calibration; empty where none counts."""

    runs: tuple[RunRow, ...] = ()
    pairs: tuple[PairRow, ...] = ()

    def values(self, contrast: str, arm: str) -> tuple[float, ...]:
        return tuple(row.value for row in self.runs if (row.contrast, row.arm) == (contrast, arm))

    def differences(self, contrast: str) -> tuple[float, ...]:
        return tuple(row.difference for row in self.pairs if row.contrast == contrast)


def load_trainings() -> Trainings:
    """The trainings under metrics/calibration; none where a file is missing."""
    if not (RUNS.exists() and PAIRS.exists()):
        return Trainings()
    return Trainings(tuple(read_rows(RUNS, RunRow)), tuple(read_rows(PAIRS, PairRow)))
