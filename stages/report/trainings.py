"""What each training of a calibration wrote: the marks of the first picture."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from stages.common.calibration import STATE, Calibration
from stages.report.loading import read_rows
from stages.shell.errors import UserError

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


def load_trainings(calibration: Calibration) -> Trainings:
    """The trainings under metrics/calibration; none where a file is missing.

    Raises:
        UserError: if they are not all trainings of this calibration.
    """
    if not (RUNS.exists() and PAIRS.exists()):
        return Trainings()
    try:
        found = Trainings(tuple(read_rows(RUNS, RunRow)), tuple(read_rows(PAIRS, PairRow)))
    except ValidationError:
        found = Trainings()
    for one in calibration.contrasts:
        n_values = {len(found.values(one.contrast, arm)) for arm in (one.arm_a, one.arm_b)}
        if n_values | {len(found.differences(one.contrast))} != {one.n_seeds}:
            raise UserError(
                f"{RUNS}, {PAIRS}: not the {one.n_seeds} trainings of {one.contrast} in {STATE}\n"
                f"Restore all three: git checkout -- {FOLDER}; or make them anew: make calibrate"
            )
    return found
