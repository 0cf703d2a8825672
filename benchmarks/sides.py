"""Train with either of the trainers that benchmarks.training compares, on the same rows of token ids."""

import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, disable_progress_bars
from peft import LoraConfig
from transformers import Trainer, TrainerCallback, TrainingArguments

from stages.common.files import read_records
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import load_base_entry
from stages.common.llm.loading import load_base, load_tokenizer
from stages.common.llm.template import token_pair
from stages.common.params import load_params
from stages.common.records import Example
from stages.train.lora import with_lora
from stages.train.params import LoraParams, TrainParams
from stages.train.trainer import PackedTrainer

TRAIN = Path("data/prepared/original/train.jsonl")
SHORT = (70, 90)
"""Prompt and completion tokens of --data short."""


class StepClock(TrainerCallback):
    """Record the seconds of each optimizer step."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.start = 0.0

    def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.start = time.perf_counter()

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.seconds.append(time.perf_counter() - self.start)


def setting(side: str, data: str, n_records: int) -> tuple[Any, Any, list[dict[str, list[int]]]]:
    """The frozen base, its tokenizer, and the first `n_records` of the prepared data."""
    name, base = load_base_entry()
    tokenizer = load_tokenizer(name, base)
    examples = read_records(TRAIN, Example)[:n_records]
    pairs = [token_pair(tokenizer, base.template, e.prompt, e.completion, 4096) for e in examples]
    rows = [{"prompt_ids": p.prompt_ids, "completion_ids": p.completion_ids} for p in pairs]
    if data == "short":
        rows = [_short(row, rows[0]["prompt_ids"]) for row in rows]
    attention = BRANCHED if side == "ours" else "sdpa"
    return load_base(name, base, torch.device("cpu"), attention), tokenizer, rows


def train(
    side: str, model: Any, tokenizer: Any, rows: list[dict[str, list[int]]], batch: int, steps: int
) -> list[float]:
    """Seconds of every optimizer step."""
    disable_progress_bars()
    clock = StepClock()
    lora = load_params(TrainParams, section="train.common").lora
    with tempfile.TemporaryDirectory() as work:
        build = _ours if side == "ours" else _trl
        trainer = build(model, tokenizer, rows, lora, _arguments(work, batch, steps))
        trainer.add_callback(clock)
        trainer.train()
    return clock.seconds


def _ours(
    model: Any, tokenizer: Any, rows: list[dict[str, list[int]]], lora: LoraParams, args: dict[str, Any]
) -> Trainer:
    model = with_lora(model, lora, seed=1, checkpointing=False)
    return PackedTrainer(
        8, model=model, args=TrainingArguments(**args), train_dataset=Dataset.from_list(rows)
    )


def _trl(
    model: Any, tokenizer: Any, rows: list[dict[str, list[int]]], lora: LoraParams, args: dict[str, Any]
) -> Trainer:
    from trl import SFTConfig, SFTTrainer

    masked = [
        {
            "input_ids": row["prompt_ids"] + row["completion_ids"],
            "completion_mask": [0] * len(row["prompt_ids"]) + [1] * len(row["completion_ids"]),
        }
        for row in rows
    ]
    config = SFTConfig(
        **args, completion_only_loss=True, max_length=None, gradient_checkpointing=False, bf16=False
    )
    adapter = LoraConfig(
        r=lora.rank, lora_alpha=int(lora.alpha), target_modules="all-linear", task_type="CAUSAL_LM"
    )
    data = Dataset.from_list(masked)
    trainer: Trainer = SFTTrainer(
        model=model, args=config, train_dataset=data, processing_class=tokenizer, peft_config=adapter
    )
    return trainer


def _arguments(work: str, batch: int, steps: int) -> dict[str, Any]:
    return {
        "output_dir": work,
        "max_steps": steps,
        "per_device_train_batch_size": batch,
        "learning_rate": 5e-4,
        "use_cpu": True,
        "report_to": "none",
        "save_strategy": "no",
        "logging_strategy": "no",
        "disable_tqdm": True,
        "remove_unused_columns": False,
        "dataloader_pin_memory": False,
    }


def _short(row: dict[str, list[int]], prompt: list[int]) -> dict[str, list[int]]:
    """Cut or repeat a row to exactly SHORT tokens, with the same prompt in every row."""
    completion = (row["completion_ids"] * 2)[: SHORT[1]]
    return {"prompt_ids": prompt[: SHORT[0]], "completion_ids": completion}
