"""metrics/train_<condition>.json and the loss curve."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from datasets import Dataset

from stages.common.files import Metrics
from stages.train.lora import n_trained
from stages.train.tokens import n_completion_tokens


def summarize(
    history: Sequence[Mapping[str, Any]], loss_before: float, model: Any, splits: Mapping[str, Dataset]
) -> Metrics:
    """Losses in nats per completion token of the validation split; perplexity is their exponential."""
    by_step = {int(row["step"]): row["eval_loss"] for row in history if "eval_loss" in row}
    best = min(by_step, key=lambda step: (by_step[step], step))
    losses = {"before": loss_before, "best": by_step[best], "last": by_step[max(by_step)]}
    return {
        "validation_loss": losses,
        "perplexity_per_token": {name: math.exp(loss) for name, loss in losses.items()},
        "best_step": best,
        "n_steps": max(int(row["step"]) for row in history),
        "n_trained_parameters": n_trained(model),
        "n_records": {name: len(split) for name, split in splits.items()},
        "n_completion_tokens": {name: n_completion_tokens(split) for name, split in splits.items()},
    }


def loss_curve(history: Sequence[Mapping[str, Any]], loss_before: float, condition: str) -> str:
    """CSV in long format: condition, split, step, loss in nats per completion token."""
    rows = [(condition, "validation", 0, loss_before)]
    for row in history:
        rows += [
            (condition, split, int(row["step"]), row[key])
            for key, split in (("loss", "train"), ("eval_loss", "validation"))
            if key in row
        ]
    lines = [f"{condition},{split},{step},{loss:.6g}" for condition, split, step, loss in rows]
    return "\n".join(["condition,split,step,loss", *lines, ""])
