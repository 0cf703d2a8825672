"""Train LoRA with be_great on the same people: it writes a person as "age is 34, …", without a prompt.

It reads the work that benchmarks.side_by_side wrote, and imports nothing of ours.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from be_great import GReaT
from be_great.great_dataset import GReaTDataCollator
from clock import StepClock  # type: ignore[import-not-found]


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    clock, n_tokens = StepClock(), list[int]()
    _watch(clock, n_tokens)
    with tempfile.TemporaryDirectory() as folder:
        model = GReaT(
            work["base"],
            experiment_dir=folder,
            batch_size=work["batch_size"],
            efficient_finetuning="lora",
            lora_config=work["lora"],
            max_steps=work["steps"],
            learning_rate=work["learning_rate"],
            lr_scheduler_type=work["schedule"],
            warmup_steps=work["warmup_steps"],
            use_cpu=True,
            save_strategy="no",
            logging_strategy="no",
        )
        model.fit(pd.json_normalize(work["people"]))
    print(json.dumps({"seconds": clock.seconds, "n_tokens": n_tokens}))


def _watch(clock: StepClock, n_tokens: list[int]) -> None:
    """Let the trainer that be_great makes tell its steps and the tokens of its batches."""
    from be_great import great

    class Trainer(great.GReaTTrainer):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs["callbacks"] = [*kwargs["callbacks"], clock]
            super().__init__(*args, **kwargs)

    class Collator(GReaTDataCollator):  # type: ignore[misc]
        def __call__(self, features: Any) -> Any:
            batch = super().__call__(features)
            n_tokens.append(int(batch["attention_mask"].sum()))
            return batch

    great.GReaTTrainer, great.GReaTDataCollator = Trainer, Collator


if __name__ == "__main__":
    main()
