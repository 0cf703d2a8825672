"""One pack through two models: the CPU's and the device's."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base
from stages.common.llm.loading import load_base
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import Pack, pack
from stages.common.llm.template import TokenPair
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from thesis.doctor.agreement import Agreement

N_RECORDS, N_PROMPT, N_COMPLETION = 2, 8, 4


@dataclass(frozen=True)
class Outcome:
    """Of one pack through one model, as float32 on the CPU."""

    logits: Tensor
    """Shape (S, V)."""
    gradient: Tensor
    """Shape (N,): of all adapter weights."""


def compared(device: str, dtype: str, reference: Outcome, other: Outcome) -> Agreement:
    values = (reference.logits, reference.gradient, other.logits, other.gradient)
    return Agreement(
        device=device,
        dtype=dtype,
        finite=all(bool(value.isfinite().all()) for value in values),
        logits=_relative(reference.logits, other.logits),
        gradient=_relative(reference.gradient, other.gradient),
    )


def look(
    base: Base,
    lora: LoraParams,
    device: torch.device,
    change: Callable[[Any], None] | None = None,
    name: str = "probe",
) -> Agreement:
    """One pack forwards and backwards on the CPU and on the device.

    Args:
        base: of weights that fit into memory twice.
        change: done to the device's model beforehand; for tests.
    """
    plain = lora.model_copy(update={"dropout": 0.0})  # what is drawn differs between devices
    model = _model(name, base, plain, torch.device("cpu"))
    adapter = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    reference = outcome(model)
    del model
    if device.type == "cpu" and change is None:  # nothing to compare with; whether it is finite counts
        return compared(device.type, base.dtype, reference, reference)
    other = _model(name, base, plain, device)
    other.load_state_dict(adapter, strict=False)  # the same seed gives other weights on another device
    if change is not None:
        change(other)
    return compared(device.type, base.dtype, reference, outcome(other))


def outcome(model: Any) -> Outcome:
    """Logits of a small pack, and the gradient of its mean loss."""
    packed = probe_pack(model.config.vocab_size)
    device = next(model.parameters()).device
    with torch.no_grad():
        hidden = model.get_decoder()(
            input_ids=packed.input_ids.to(device),
            position_ids=packed.position_ids.to(device),
            layout=packed.layout.to(device),
            use_cache=False,
        ).last_hidden_state[0]
        logits = model.get_output_embeddings()(hidden)
    model.train()
    token_nll(model, packed)[0].mean().backward()
    gradients = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
    return Outcome(logits.float().cpu(), torch.cat([gradient.float().cpu() for gradient in gradients]))


def probe_pack(vocabulary: int) -> Pack:
    """Two records that share most of their prompt."""
    ids = [7 * i % vocabulary for i in range(N_PROMPT + N_COMPLETION)]
    return pack([TokenPair([*ids[: N_PROMPT - 1], row], ids[N_PROMPT:]) for row in range(1, N_RECORDS + 1)])


def _model(name: str, base: Base, lora: LoraParams, device: torch.device) -> Any:
    return with_lora(load_base(name, base, device, BRANCHED), lora, 0, base.gradient_checkpointing)


def _relative(reference: Tensor, other: Tensor) -> float:
    """|a - b| / |a|; infinite where it cannot be told."""
    ratio = ((reference - other).norm() / reference.norm()).item()
    return ratio if math.isfinite(ratio) else math.inf
