"""One part of the measurement, in a process of its own: benchmarks.mac starts it.

python -m benchmarks.mac.parts train|draw BASE FOLDER
"""

import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import stages.common.llm  # noqa: F401 -- before torch, which reads the environment once

import torch  # isort: skip
from datasets import disable_progress_bars
from peft import set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import TrainerCallback

from benchmarks.mac import work
from stages.common.files import write_json
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base, fetch
from stages.common.llm.devices import pick_device
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, using
from stages.common.llm.sampling import SamplingParams, draw
from stages.common.llm.template import prompt_ids
from stages.shell.checked import check_draws, check_losses
from stages.shell.errors import UserError
from stages.shell.memory import PeakMemory
from stages.shell.progress import Progress
from stages.train.adapter import lora_weights, save_adapter
from stages.train.lora import with_lora
from stages.train.tokens import n_completion_tokens, pairs, tokenized
from stages.train.trainer import make_trainer, mean_loss

SAMPLING = SamplingParams(temperature=1.0, top_p=1.0, top_k=None, max_new_tokens=work.MAX_NEW_TOKENS)
DRAWN_TOGETHER = {"none": work.N_DRAWS, "nf4": 4}
"""By quantization: 4 draws of Llama 2 fit beside its weights in 4 bits on a Mac of 16 GB."""


class Clock(TrainerCallback):
    """Record when the loss of each step is known: a GPU has done its work by then."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if "loss" in (logs or {}):
            self.times.append(time.perf_counter())


def main() -> None:
    part, name, folder = sys.argv[1:]
    print(json.dumps(outcome(lambda: PARTS[part](name, work.base_named(name), Path(folder)))))


def outcome(part: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a part measured, or why it did not run; the person sees the whole message."""
    try:
        return {"ran": True, **part()}
    except UserError as error:
        print(error, file=sys.stderr)
        return {"ran": False, "why": str(error).partition("\n")[0]}
    except Exception as error:  # noqa: BLE001 -- a part that fails is a finding of this measurement
        traceback.print_exc()
        return {"ran": False, "why": f"{type(error).__name__}: {error}".partition("\n")[0]}


def train(name: str, base: Base, folder: Path) -> dict[str, Any]:
    """Train as stage `train` does, from the weights of the first training in `folder` if there was one."""
    disable_progress_bars()
    device, params = pick_device(), work.TRAINING
    data = tokenized(folder / work.RECORDS, load_tokenizer(name, base), base.template, params.max_length)
    splits = {"train": data, "validation": data.take(work.N_VALIDATED)}
    model = with_lora(
        load_base(name, base, device, BRANCHED), params.lora, work.SEED, base.gradient_checkpointing
    )
    _begin_alike(model, folder / work.INITIAL)
    check_losses(model, pairs(data))
    clock, per_step = Clock(), n_completion_tokens(data) / work.N_STEPS
    with PeakMemory(device) as peak, tempfile.TemporaryDirectory() as checkpoints:
        before = mean_loss(model, splits["validation"], params.records_per_pack)
        trainer = make_trainer(model, params, work.SEED, splits, checkpoints, [Progress(per_step), clock])
        trainer.train()
    save_adapter(model, {}, {}, folder / work.ADAPTER)
    order = _order(trainer.get_train_dataloader())
    _leave_order(folder, fetch(name, base), data, order)
    history = trainer.state.log_history
    return {
        "device": str(device),
        "dtype": base.dtype,
        **work.speed(clock.times, [len(pair) for pair in pairs(data)], order),
        "peak_bytes": peak.bytes,
        "loss_before": before,
        "losses": [row["loss"] for row in history if "loss" in row],
        "loss_after": [row["eval_loss"] for row in history if "eval_loss" in row][-1],
    }


def draw_all(name: str, base: Base, folder: Path) -> dict[str, Any]:
    """Draw as stage `generate` does, with the adapter that was trained last."""
    device, tokenizer = pick_device(), load_tokenizer(name, base)
    model = add_adapters(load_base(name, base, device, None), {"original": folder / work.ADAPTER})
    ids = prompt_ids(tokenizer, base.template, work.PROMPT)
    check_draws(model, [ids], work.MAX_NEW_TOKENS)
    seeds, size = work.seeds(), DRAWN_TOGETHER[base.quantization]
    short = SAMPLING.model_copy(update={"max_new_tokens": 2})
    with PeakMemory(device) as peak, using(model, "original") as ready:
        draw(ready, tokenizer, [ids] * size, seeds[:size], short)  # the first pays for what later ones find
        start = time.perf_counter()
        batches = [seeds[first : first + size] for first in range(0, len(seeds), size)]
        drawn = [one for some in batches for one in draw(ready, tokenizer, [ids] * size, some, SAMPLING)]
        seconds = time.perf_counter() - start
    n_tokens = sum(one.n_tokens for one in drawn)
    return {
        "device": str(device),
        "dtype": base.dtype,
        "draws": len(drawn),
        "drawn_together": size,
        "tokens": n_tokens,
        "ended": sum(one.ended == "eos" for one in drawn),
        "seconds": round(seconds, 3),
        "tokens_per_second": round(n_tokens / seconds, 2),
        "peak_bytes": peak.bytes,
        "token_ids": [one.token_ids for one in drawn],
    }


PARTS = {"train": train, "draw": draw_all}


@torch.no_grad()
def _begin_alike(model: Any, initial: Path) -> None:
    """Take the adapter's first weights from a file: the same seed gives others on another device."""
    if not initial.exists():
        save_file(lora_weights(model), initial)
    set_peft_model_state_dict(model, load_file(initial))


def _order(loader: Any) -> list[list[int]]:
    """The records of each step; a sampler that begins anew gives the same."""
    return [list(rows) for rows in loader.batch_sampler]


def _leave_order(folder: Path, weights: Path, data: Any, order: list[list[int]]) -> None:
    """What mlx-lm needs to train on the same tokens in the same order."""
    write_json(
        folder / work.ORDER,
        {
            "model": str(weights),
            "initial": str(folder / work.INITIAL),
            "prompts": data["prompt_ids"][:],
            "completions": data["completion_ids"][:],
            "order": order,
            "validated": work.N_VALIDATED,
            "rank": work.LORA.rank,
            "scale": work.LORA.alpha / work.LORA.rank,
            "learning_rate": work.TRAINING.learning_rate,
        },
    )


if __name__ == "__main__":
    main()
