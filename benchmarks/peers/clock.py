"""Seconds of the optimizer steps of transformers' Trainer."""

import time
from typing import Any

from transformers import TrainerCallback


class StepClock(TrainerCallback):
    """Record the seconds of each optimizer step."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.start = 0.0

    def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.start = time.perf_counter()

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.seconds.append(time.perf_counter() - self.start)
