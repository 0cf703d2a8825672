"""Train LoRA with a plain loop over transformers and peft, as a tutorial would; or ask for the losses alone.

It reads the work that benchmarks.side_by_side wrote, and imports nothing of ours.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, get_scheduler, set_seed

IGNORED = -100


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    model: Any = AutoModelForCausalLM.from_pretrained(work["base"], dtype=torch.float32)
    set_seed(work["seed"])
    model = get_peft_model(model, LoraConfig(**work["lora"], task_type="CAUSAL_LM"))
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=work["learning_rate"], weight_decay=0.0)
    schedule = get_scheduler(work["schedule"], optimizer, work["warmup_steps"], work["steps"])
    losses, seconds = [], []
    model.train()
    for step in range(work["steps"]):
        start = time.perf_counter()
        rows = work["rows"][step * work["batch_size"] : (step + 1) * work["batch_size"]]
        loss = model(**_padded(rows)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, work["max_grad_norm"])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "losses": losses}))


def _padded(rows: list[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
    """A batch of rows, padded at the right; the loss is the mean over the completions' tokens."""
    longest = max(len(row["prompt_ids"]) + len(row["completion_ids"]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, IGNORED)
    for place, row in enumerate(rows):
        both = row["prompt_ids"] + row["completion_ids"]
        ids[place, : len(both)] = torch.tensor(both)
        mask[place, : len(both)] = 1
        labels[place, len(row["prompt_ids"]) : len(both)] = torch.tensor(row["completion_ids"])
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


if __name__ == "__main__":
    main()
