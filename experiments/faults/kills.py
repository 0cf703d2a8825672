"""The kills that are to come: of which stage, at which moment, by which signal, at which process."""

import random
import signal
from dataclasses import dataclass
from itertools import product
from signal import Signals
from typing import Literal, TypeAlias

Target: TypeAlias = Literal["dvc", "python", "both"]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
TARGETS: tuple[Target, ...] = ("dvc", "python", "both")
TWO = "torchrun --nproc_per_node 2"
KEEPING = ("train_original", "train_augmented", "score", "generate")


@dataclass(frozen=True)
class Kill:
    """A kill that is to come."""

    stage: str
    number: Signals
    target: Target
    moment: float
    """Share of the time that dvc takes for this stage, its own start and end included."""
    once_kept: bool = False
    """Wait for the first checkpoint or batch instead, and for `moment` of a second."""
    launcher: str = ""

    @property
    def kind(self) -> str:
        return f"{self.number.name} at {self.target}{' of two processes' if self.launcher else ''}"

    @property
    def what(self) -> str:
        if self.once_kept:
            return f"{self.stage} {self.moment:.2f} s after it kept something"
        return f"{self.stage} after {self.moment:.0%} of its time"


def kills(stages: list[str], n: int, seed: int) -> list[Kill]:
    """n kills. Eight stages and nine pairs of signal and target: the first 72 are all different.

    Two of three kills of a stage that keeps something come once it does: most of its time is imports.
    """
    draws = random.Random(seed)
    pairs = [*product(SIGNALS, TARGETS)]
    return [
        Kill(
            stage := stages[i % len(stages)],
            *pairs[i % len(pairs)],
            moment=draws.uniform(0.05, 0.98),
            once_kept=stage in KEEPING and i // len(stages) % 3 != 0,
        )
        for i in range(n)
    ]


def in_two_processes(seed: int) -> list[Kill]:
    """Kills of a launcher's processes, while they share draws and losses."""
    draws = random.Random(seed)
    return [
        Kill(stage, signal.SIGKILL, "python", draws.uniform(0.1, 0.9), once_kept=True, launcher=TWO)
        for stage in ("score", "generate")
    ]
