"""mlx-lm's LoRA on the tokens, the order and the first weights of our training.

It runs in an environment of its own, which has mlx-lm and nothing of ours: benchmarks.mac starts it.

    python mlx_lora.py order.json
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.optimizers as optim
import numpy as np
from mlx_lm.tuner.trainer import TrainingArgs, evaluate, train
from mlx_lm.tuner.utils import linear_to_lora_layers
from mlx_lm.utils import load_model

PADDED_TO = 32
"""Lengths are multiples of it, as in mlx-lm's own batches."""


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    model = with_adapter(job)
    batch = len(job["order"][0])
    clock = Clock()
    validated = list(range(job["validated"]))
    first = [validated[start : start + batch] for start in range(0, len(validated), batch)]
    before = loss(model, job, first)
    with tempfile.TemporaryDirectory() as folder:
        # mlx-lm's own Adam leaves the correction of the first steps out
        optimizer = optim.AdamW(learning_rate=job["learning_rate"], weight_decay=0.0, bias_correction=True)
        args = TrainingArgs(
            batch_size=batch,
            iters=len(job["order"]),
            steps_per_report=1,
            steps_per_save=len(job["order"]) + 1,
            adapter_file=str(Path(folder) / "adapters.safetensors"),
        )
        train(model, optimizer, job, args=args, iterate_batches=batches, training_callback=clock)
    found = {
        "device": str(mx.default_device().type).rpartition(".")[2],
        "times": clock.times,
        "peak_bytes": max(resident_bytes(), mx.get_peak_memory()),
        "loss_before": before,
        "losses": clock.losses,
        "loss_after": loss(model, job, first),
    }
    print(json.dumps(found))


class Clock:
    """Called by mlx-lm after each step, once its loss is known."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.times: list[float] = []

    def on_train_loss_report(self, report: dict[str, Any]) -> None:
        self.losses.append(report["train_loss"])
        self.times.append(time.perf_counter())

    def on_val_loss_report(self, report: dict[str, Any]) -> None:
        """mlx-lm calls it if it validates, which it does not here."""


def with_adapter(job: dict[str, Any]) -> Any:
    """The frozen model with our first weights: peft's matrices, transposed and under mlx-lm's names."""
    model, _ = load_model(Path(job["model"]))
    model.freeze()
    config = {"rank": job["rank"], "scale": job["scale"], "dropout": 0.0}
    linear_to_lora_layers(model, len(model.layers), config)
    weights = {
        name.removeprefix("base_model.model.")
        .replace("lora_A.weight", "lora_a")
        .replace("lora_B.weight", "lora_b"): matrix.T
        for name, matrix in mx.load(job["initial"]).items()
    }
    trained = sum(name.endswith((".lora_a", ".lora_b")) for name in _names(model))
    if trained != len(weights):
        raise ValueError(f"mlx-lm trains {trained} matrices, ours are {len(weights)}")
    model.load_weights(list(weights.items()), strict=False)
    return model


def loss(model: Any, job: dict[str, Any], order: list[list[int]]) -> float:
    """Nats per completion token of these records."""
    size = len(order[0])
    found: float = evaluate(
        model, {**job, "order": order}, batch_size=size, num_batches=len(order), iterate_batches=batches
    )
    return found


def batches(dataset: dict[str, Any], **_: Any) -> Iterator[tuple[Any, Any]]:
    """Our records in our order, in the form of mlx-lm's batches: tokens, and where completions begin and end.

    mlx-lm 0.32.2 counts one token of padding as a part of each completion: its mask takes the token
    after the last. Here the end is one less, and the losses are those of the records alone.
    """
    for rows in dataset["order"]:
        pairs = [(dataset["prompts"][row], dataset["completions"][row]) for row in rows]
        longest = max(len(prompt) + len(completion) for prompt, completion in pairs)
        tokens = np.zeros((len(rows), 1 + PADDED_TO * -(-longest // PADDED_TO)), np.int32)
        for line, (prompt, completion) in zip(tokens, pairs, strict=True):
            line[: len(prompt) + len(completion)] = prompt + completion
        spans = [(len(prompt), len(prompt) + len(completion) - 1) for prompt, completion in pairs]
        yield mx.array(tokens), mx.array(spans)


def resident_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # kilobytes on Linux


def _names(model: Any) -> list[str]:
    from mlx.utils import tree_flatten

    return [name for name, _ in tree_flatten(model.trainable_parameters())]


if __name__ == "__main__":
    main()
