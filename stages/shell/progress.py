"""Progress bar of a training."""

import sys
import time
from typing import Any

from tqdm import tqdm
from transformers import TrainerCallback


class Progress(TrainerCallback):
    """A bar with loss, completion tokens per second and the time left."""

    def __init__(self, n_tokens_per_step: float) -> None:
        self.n_tokens_per_step = n_tokens_per_step
        self.bar: Any = None
        self.shown: dict[str, str] = {}
        self.start = 0.0
        self.first_step = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.bar = tqdm(total=state.max_steps, initial=state.global_step, unit="step", file=sys.stderr)
        self.start, self.first_step = time.monotonic(), state.global_step

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        n_steps = state.global_step - self.first_step
        rate = n_steps * self.n_tokens_per_step / (time.monotonic() - self.start)
        self.shown["tokens/s"] = f"{rate:.0f}"
        self.bar.update(state.global_step - self.bar.n)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if self.bar is None or not logs:
            return
        names = {"loss": "loss", "eval_loss": "validation"}
        self.shown |= {name: f"{logs[key]:.3f}" for key, name in names.items() if key in logs}
        self.bar.set_postfix(self.shown)

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.bar.close()
