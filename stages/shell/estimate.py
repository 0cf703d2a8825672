"""Time and memory of a training, estimated before it starts."""

import math
import time
from dataclasses import dataclass
from typing import Any

import torch
from datasets import Dataset

from stages.common.llm.loss import token_nll
from stages.shell.memory import PeakMemory
from stages.shell.rank import n_ranks
from stages.shell.room import roomy
from stages.train.params import TrainParams
from stages.train.tokens import pack_of


@dataclass(frozen=True)
class Estimate:
    """Estimate for a whole training run, from one pack forwards and backwards."""

    seconds: float
    peak_bytes: int

    def __str__(self) -> str:
        return f"about {max(1, round(self.seconds / 60))} min, {self.peak_bytes / 1e9:.1f} GB"


def estimate(model: Any, params: TrainParams, splits: dict[str, Dataset]) -> Estimate:
    """Time one pack, as each process computes it; weights, optimizer and random numbers stay as they are.

    Raises:
        UserError: if the device cannot hold one pack.
    """
    device = next(model.parameters()).device
    probe = pack_of(splits["train"], 0, params.records_per_pack)
    model.train()
    with PeakMemory(device) as peak:
        backward = _backward_seconds(model, probe)
    # Backwards through frozen weights is as much work as forwards; checkpointing adds a forward pass.
    forward = backward / (2 if model.is_activation_checkpointing else 1)
    model.zero_grad(set_to_none=True)
    n_validations = 1 + math.ceil(params.steps / params.evaluate_every)
    n_validated = n_validations * len(splits["validation"]) / params.records_per_pack
    n_trained_on = params.steps * params.packs_per_step
    n_trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return Estimate(
        seconds=(n_trained_on * (forward + backward) + n_validated * forward) / n_ranks(),
        peak_bytes=peak.bytes + 8 * n_trained,  # AdamW keeps two float32 per weight
    )


@roomy("train")
def _backward_seconds(model: Any, probe: Any) -> float:
    """Seconds of one pass backwards; the first forwards pays for memory that later ones find ready."""
    with torch.random.fork_rng(devices=[]):
        nll, _ = token_nll(model, probe)
        loss = nll.mean()
        loss.item()
        start = time.monotonic()
        loss.backward()
        next(p.grad for p in model.parameters() if p.grad is not None).sum().item()
        return time.monotonic() - start
