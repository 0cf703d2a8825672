"""Train LoRA with TRL's SFTTrainer: float32, the loss of completions alone, no gradient checkpointing.

It reads the work that benchmarks.side_by_side wrote, and imports nothing of ours.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from clock import StepClock  # type: ignore[import-not-found]
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    clock = StepClock()
    with tempfile.TemporaryDirectory() as folder:
        trainer = SFTTrainer(
            model=AutoModelForCausalLM.from_pretrained(work["base"], dtype=torch.float32),
            args=_arguments(work, folder),
            train_dataset=Dataset.from_list([_row(row) for row in work["rows"]]),
            processing_class=AutoTokenizer.from_pretrained(work["base"]),
            peft_config=LoraConfig(**work["lora"], task_type="CAUSAL_LM"),
            callbacks=[clock],
        )
        trainer.train()
    print(json.dumps({"seconds": clock.seconds}))


def _row(row: dict[str, list[int]]) -> dict[str, list[int]]:
    prompt, completion = row["prompt_ids"], row["completion_ids"]
    return {
        "input_ids": prompt + completion,
        "completion_mask": [0] * len(prompt) + [1] * len(completion),
    }


def _arguments(work: dict[str, Any], folder: str) -> Any:
    taken = ("learning_rate", "warmup_steps", "max_grad_norm", "seed")
    return SFTConfig(
        output_dir=folder,
        max_steps=work["steps"],
        per_device_train_batch_size=work["batch_size"],
        lr_scheduler_type=work["schedule"],
        **{key: work[key] for key in taken},
        completion_only_loss=True,
        max_length=None,
        gradient_checkpointing=False,
        bf16=False,
        use_cpu=True,
        report_to="none",
        save_strategy="no",
        logging_strategy="no",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )


if __name__ == "__main__":
    main()
