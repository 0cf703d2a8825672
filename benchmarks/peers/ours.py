"""Train on the rows of a work file with the code of `train`: what its steps took, and their losses.

    PYTHONPATH=. python …/ours.py work.json    # the code of the checkout in this folder

It uses only what commit 9456b0d and its successors have in common.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from clock import StepClock  # type: ignore[import-not-found]
from datasets import Dataset, disable_progress_bars
from transformers import TrainingArguments

from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import load_base_entry
from stages.common.llm.loading import load_base
from stages.common.params import load_params
from stages.train.lora import with_lora
from stages.train.params import TrainParams
from stages.train.trainer import PackedTrainer


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    disable_progress_bars()
    name, base = load_base_entry()
    lora = load_params(TrainParams, section="train.common").lora
    model = with_lora(load_base(name, base, torch.device("cpu"), BRANCHED), lora, work["seed"], False)
    clock = StepClock()
    with tempfile.TemporaryDirectory() as folder:
        trainer = PackedTrainer(
            work["batch_size"],
            model=model,
            args=_arguments(work, folder),
            train_dataset=Dataset.from_list(work["rows"]),
            callbacks=[clock],
        )
        trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    sys.stdout.write(f"\n{json.dumps({'seconds': clock.seconds, 'losses': losses})}\n")


def _arguments(work: dict[str, Any], folder: str) -> TrainingArguments:
    return TrainingArguments(
        output_dir=folder,
        max_steps=work["steps"],
        per_device_train_batch_size=work["batch_size"],
        learning_rate=work["learning_rate"],
        lr_scheduler_type=work["schedule"],
        warmup_steps=work["warmup_steps"],
        max_grad_norm=work["max_grad_norm"],
        train_sampling_strategy="sequential",
        use_cpu=True,
        report_to="none",
        save_strategy="no",
        logging_strategy="steps",
        logging_steps=1,
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
    )


if __name__ == "__main__":
    main()
