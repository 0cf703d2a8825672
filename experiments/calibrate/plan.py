"""Estimate how long a calibration takes: what is left to do, times what the last runs took."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.calibrate.training import Pair
from stages.common.files import read_records
from stages.common.records import CONDITIONS, Completion
from stages.shell.runs import RECORDED, RUNS

GENERATED = Path("data/generated/completions.jsonl")


@dataclass(frozen=True)
class Plan:
    """The work that is left, and seconds if a run was recorded."""

    n_trainings: int
    n_draws: int
    training_seconds: float | None
    """Seconds of one training."""
    draw_seconds: float | None

    @property
    def seconds(self) -> float | None:
        if self.training_seconds is None or self.draw_seconds is None:
            return None
        return self.n_trainings * self.training_seconds + self.n_draws * self.draw_seconds

    def __str__(self) -> str:
        """
        >>> print(Plan(4, 1200, 150.0, 0.5))
        4 trainings and 1,200 draws to do: about 20 min, going by the last recorded runs
        """
        todo = f"{self.n_trainings} trainings and {self.n_draws:,} draws to do"
        if self.seconds is None:
            return f"{todo}: no recorded run says how long; each training gives an estimate when it starts"
        return f"{todo}: about {max(1, round(self.seconds / 60))} min, going by the last recorded runs"


def plan_of(pairs: Sequence[Pair], draws: int, n_drawn: int) -> Plan:
    """The work that is left.

    Args:
        draws: per training run.
        n_drawn: draws of all runs that an earlier start kept.
    """
    runs = [run for pair in pairs for run in pair.values()]
    n_trainings = sum(not run.done for run in runs)
    trainings = [seconds_of(f"train_{condition}") for condition in CONDITIONS]
    known = [seconds for seconds in trainings if seconds is not None]
    generated = seconds_of("generate")
    return Plan(
        n_trainings,
        draws * len(runs) - n_drawn,
        sum(known) / len(known) if known else None,
        generated / len(read_records(GENERATED, Completion)) if generated is not None else None,
    )


def seconds_of(stage: str) -> float | None:
    """Seconds of this computer's last run of a stage, else of the recorded run."""
    files = [folder / f"{stage}.json" for folder in (RUNS, RECORDED)]
    file = next((file for file in files if file.exists()), None)
    return None if file is None else float(json.loads(file.read_text("utf-8"))["seconds"])
