"""The work of the stages, small but long enough for the kernels that it meets, on two devices."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base
from stages.common.llm.cache import trunk_cache
from stages.common.llm.loading import load_base
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import Pack, pack
from stages.common.llm.template import TokenPair
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from thesis.doctor.agreement import Agreement
from thesis.doctor.causality import as_drawn, leak_of, pack_logits

N_RECORDS, N_TRUNK, N_BRANCH = 2, 83, 43
"""Metal has kernels of their own for at most 8 queries; the others take up to 64 at a time. Odd, so that
no block is full."""


@dataclass(frozen=True)
class Outcome:
    """Of one model, as float32 on the CPU."""

    logits: Tensor
    """Shape (S, V): of a pack."""
    written: Tensor
    """Shape (N_RECORDS, N_BRANCH, V): as completions are drawn, from a cache."""
    gradient: Tensor
    """Shape (N,): of all adapter weights."""
    leak: float


def compared(device: str, dtype: str, reference: Outcome, other: Outcome, used: bool = True) -> Agreement:
    outcomes = (reference, other)
    tensors = [tensor for one in outcomes for tensor in (one.logits, one.written, one.gradient)]
    return Agreement(
        device=device,
        dtype=dtype,
        finite=all(bool(tensor.isfinite().all()) for tensor in tensors),
        logits=_relative(reference.logits, other.logits),
        written=_relative(reference.written, other.written),
        gradient=_relative(reference.gradient, other.gradient),
        leak=other.leak,
        used=used,
    )


def look(
    base: Base,
    lora: LoraParams,
    device: torch.device,
    change: Callable[[Any], None] | None = None,
    name: str = "probe",
    used: bool = True,
) -> Agreement:
    """One pack forwards and backwards, and tokens drawn, on the CPU and on the device.

    Args:
        base: of weights that fit into memory twice.
        change: done to the device's model beforehand; for tests.
        used: whether the study's base is in this dtype.
    """
    lora = lora.model_copy(update={"dropout": 0.0})  # what is drawn differs between devices
    model = _model(name, base, lora, torch.device("cpu"))
    adapter = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    reference = outcome(model)
    del model
    if device.type == "cpu" and change is None:  # nothing to compare with
        return compared(device.type, base.dtype, reference, reference, used)
    other = _model(name, base, lora, device)
    other.load_state_dict(adapter, strict=False)  # the same seed gives other weights on another device
    if change is not None:
        change(other)
    return compared(device.type, base.dtype, reference, outcome(other), used)


def outcome(model: Any) -> Outcome:
    """What the stages compute: logits of a pack, the gradient of its mean loss, logits for drawing."""
    packed = probe_pack(model.config.vocab_size)
    leak = leak_of(model, packed)
    logits = pack_logits(model, packed, packed.input_ids)
    with as_drawn(model):
        written = logits_for_drawing(model)
    model.train()
    token_nll(model, packed)[0].mean().backward()
    gradients = [p.grad.flatten().float().cpu() for p in model.parameters() if p.grad is not None]
    return Outcome(logits, written, torch.cat(gradients), leak)


@torch.no_grad()
def logits_for_drawing(model: Any) -> Tensor:
    """As in `draw`: a trunk for all rows, the rest of each prompt (one is padded), then token by token."""
    ids = _ids(N_TRUNK + N_BRANCH, model.config.vocab_size)
    rows = torch.tensor([[*ids[N_TRUNK:-1], row + 1] for row in range(N_RECORDS)], device=model.device)
    seen = torch.ones(N_RECORDS, N_TRUNK + N_BRANCH, dtype=torch.long, device=model.device)
    seen[0, N_TRUNK] = 0
    cache, found, start = trunk_cache(model, ids[:N_TRUNK], N_RECORDS), [], 0
    for end in (N_BRANCH - 1, N_BRANCH):
        logits = model(
            input_ids=rows[:, start:end], attention_mask=seen[:, : N_TRUNK + end], past_key_values=cache
        ).logits
        found.append(logits.float().cpu())
        start = end
    return torch.cat(found, dim=1)


def probe_pack(vocabulary: int) -> Pack:
    """Two records that share their prompt but for its last token."""
    ids = _ids(N_TRUNK + N_BRANCH, vocabulary)
    return pack([TokenPair([*ids[:N_TRUNK], row], ids[N_TRUNK:]) for row in range(1, N_RECORDS + 1)])


def _ids(n: int, vocabulary: int) -> list[int]:
    return [7 * i % vocabulary for i in range(n)]


def _model(name: str, base: Base, lora: LoraParams, device: torch.device) -> Any:
    return with_lora(load_base(name, base, device, BRANCHED), lora, 0, base.gradient_checkpointing)


def _relative(reference: Tensor, other: Tensor) -> float:
    """|a - b| / |a|; infinite where it cannot be told."""
    ratio = ((reference - other).norm() / reference.norm()).item()
    return ratio if math.isfinite(ratio) else math.inf
