"""Train the LoRA adapter of one condition.

python -m stages.train --condition original
"""

import argparse
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, disable_progress_bars
from transformers import TrainerCallback

from stages.common.files import write_metrics, write_text
from stages.common.llm import metal
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base, load_base_entry
from stages.common.llm.devices import memory_bytes, pick_device
from stages.common.llm.loading import load_base, load_tokenizer
from stages.common.llm.ranks import joined
from stages.common.params import load_params
from stages.common.records import CONDITIONS
from stages.shell.checked import check_losses
from stages.shell.errors import UserError
from stages.shell.estimate import Estimate, estimate
from stages.shell.launched import start
from stages.shell.memory import PeakMemory
from stages.shell.progress import Progress
from stages.shell.rank import is_first, n_ranks
from stages.shell.room import roomy
from stages.shell.runs import recorded
from stages.shell.used import Used
from stages.shell.work import continued
from stages.train.adapter import published_as, save_adapter
from stages.train.checkpoints import has_ended, last_checkpoint
from stages.train.lora import n_trained, own_dropout, with_lora
from stages.train.manifest import PREPARED, SPLITS, manifest_of
from stages.train.params import ConditionParams, LoraParams, TrainParams
from stages.train.summary import loss_curve, summarize
from stages.train.tokens import n_completion_tokens, pairs, tokenized
from stages.train.trainer import PackedTrainer, make_trainer, mean_loss

ADAPTERS = Path("models/adapters")


@dataclass(frozen=True)
class Outputs:
    """Output paths of a training."""

    adapter: Path
    metrics: Path
    curve: Path


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m stages.train", description="Train the LoRA adapter of one condition."
    )
    parser.add_argument("--condition", choices=CONDITIONS, required=True)
    condition = parser.parse_args().condition
    outputs = Outputs(
        adapter=ADAPTERS / condition,
        metrics=Path(f"metrics/train_{condition}.json"),
        curve=Path(f"metrics/plots/loss_{condition}.csv"),
    )
    stage = f"train_{condition}"
    used, device = Used(stage), pick_device()
    with recorded(stage, outputs=[outputs.adapter, outputs.metrics]) as machine, joined(device):
        seed = load_params(ConditionParams, section=f"train.{condition}").seed
        machine |= train(condition, seed, outputs, stage, used, device)


def train(
    condition: str, seed: int, outputs: Outputs, work: str, used: Used, device: torch.device
) -> dict[str, Any]:
    """Load, train, write adapter, metrics and loss curve.

    Args:
        work: the folder under .work/ where a killed training continues.
        used: the inputs, which must not change before the adapter is saved.
        device: where this process computes.

    Returns:
        a description of the machine.

    Raises:
        UserError: an input changed; the last checkpoint is kept.
    """
    params = load_params(TrainParams, section="train.common")
    name, base = load_base_entry()
    _refuse_silent_errors(params.lora, base, device)
    _refuse_uneven(params)
    disable_progress_bars()
    splits = _splits(condition, load_tokenizer(name, base), base.template, params)
    model = with_lora(load_base(name, base, device, BRANCHED), params.lora, seed, base.gradient_checkpointing)
    _refuse_own_dropout(model, base, device)
    check_losses(model, [pair for split in splits.values() for pair in pairs(split)])
    expected = estimate(model, params, splits)
    if is_first():
        _tell(f"train_{condition}: {params.steps} steps", device, expected)
    manifest = manifest_of(condition, seed)
    facts = manifest["parameters"] | {"base": base.settings() | {"identity": manifest["base"]["identity"]}}
    with PeakMemory(device) as peak, continued(f"train_{condition}", facts, used, work) as folder:
        trainer, loss_before = fit(model, params, seed, splits, folder)
        used.refuse_changes()
        if is_first():
            save_adapter(model, published_as(name, base), manifest, outputs.adapter)
            history = trainer.state.log_history
            write_text(outputs.curve, loss_curve(history, loss_before, condition))
            write_metrics(outputs.metrics, summarize(history, loss_before, model, splits))
    return {"device": device.type, "peak_memory_bytes": peak.bytes}


def _splits(condition: str, tokenizer: Any, template: str, params: TrainParams) -> dict[str, Dataset]:
    files = {split: PREPARED / condition / f"{split}.jsonl" for split in SPLITS}
    splits = {split: tokenized(file, tokenizer, template, params.max_length) for split, file in files.items()}
    splits["validation"] = splits["validation"].take(params.validation_records or len(splits["validation"]))
    return splits


def _tell(what: str, device: torch.device, expected: Estimate) -> None:
    many = f" in {n_ranks()} processes" if n_ranks() > 1 else ""
    print(f"{what} on {device.type}{many}, {expected}", file=sys.stderr)
    if expected.peak_bytes > 0.9 * memory_bytes(device):
        print(
            f"{device} has {memory_bytes(device) / 1e9:.0f} GB: this may not fit; halve records_per_pack",
            file=sys.stderr,
        )


@roomy("train")
def fit(
    model: Any, params: TrainParams, seed: int, splits: dict[str, Dataset], work: Path
) -> tuple[PackedTrainer, float]:
    """Train to the end, from the last checkpoint if there is one.

    Returns:
        the trainer, its model holding the best adapter; the validation loss before training.
    """
    loss_before = mean_loss(model, splits["validation"], params.records_per_pack)
    n_tokens = n_completion_tokens(splits["train"]) / len(splits["train"]) * params.batch_size
    progress: list[TrainerCallback] = [Progress(n_tokens)] if is_first() else []
    trainer = make_trainer(model, params, seed, splits, str(work), progress)
    checkpoint = last_checkpoint(work, n_trained(model))
    if checkpoint and has_ended(checkpoint):
        trainer.finish_from(checkpoint)
    else:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    return trainer, loss_before


def _refuse_silent_errors(lora: LoraParams, base: Base, device: torch.device) -> None:
    if wrong := metal.wrong_gradients(device, lora.dropout, base.gradient_checkpointing):
        raise UserError(f"params.yaml: train.common.lora.dropout must be 0 on MPS:\n{wrong}")
    if lora.dropout and n_ranks() > 1:
        raise UserError(
            f"params.yaml: train.common.lora.dropout must be 0 in {n_ranks()} processes: each would drop "
            "other inputs than one process does\nSet it to 0, or unset THESIS_LAUNCHER"
        )


def _refuse_uneven(params: TrainParams) -> None:
    """UserError if the processes cannot share a step evenly."""
    n = n_ranks()
    if params.batch_size % (params.records_per_pack * n) == 0:
        return
    batch_size = n * max(1, math.floor(params.batch_size / n + 0.5))  # the closest that processes can share
    packs = [size for size in range(1, params.records_per_pack + 1) if batch_size % (size * n) == 0]
    raise UserError(
        f"params.yaml: train.common.batch_size ({params.batch_size}) is not a multiple of records_per_pack "
        f"({params.records_per_pack}) times {n} processes\n"
        + (
            f"Set train.common.records_per_pack to {packs[-1]}: the loss stays the same but for rounding"
            if batch_size == params.batch_size
            else f"Set train.common.batch_size to {batch_size} and records_per_pack to {packs[-1]}, which is "
            "another training; or start fewer processes"
        )
    )


def _refuse_own_dropout(model: Any, base: Base, device: torch.device) -> None:
    own = own_dropout(model.config)
    if own and n_ranks() > 1:
        raise UserError(
            f"The checkpoint's config.json asks for dropout ({', '.join(own)}).\n"
            "Several processes would drop other inputs than one does: unset THESIS_LAUNCHER"
        )
    if own and metal.is_metal(device) and base.gradient_checkpointing:
        raise UserError(
            f"The checkpoint's config.json asks for dropout ({', '.join(own)}).\n"
            "With gradient checkpointing on MPS it gives silently wrong gradients.\n"
            "Set gradient_checkpointing: false in models/bases.yaml, or train on the CPU: THESIS_DEVICE=cpu"
        )


if __name__ == "__main__":
    start(main)
