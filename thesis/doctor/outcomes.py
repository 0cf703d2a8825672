"""Logits and gradients of one model on one device, computed as the stages compute them."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base
from stages.common.llm.decoding import rows_after
from stages.common.llm.loading import load_base
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import Pack, pack
from stages.common.llm.template import TokenPair
from stages.train.lora import with_lora
from stages.train.params import LoraParams
from thesis.doctor.causality import as_drawn, leak_of, pack_logits

N_RECORDS, N_TRUNK, N_BRANCH, N_DRAWN = 2, 83, 43, 8
"""Metal has kernels of their own for at most 8 queries; the others take up to 64 at a time. Odd, so that
no block is full."""


@dataclass(frozen=True)
class Outcome:
    """Results of one model."""

    numbers: dict[str, Tensor]
    """By name, as float32 on the CPU: logits of a pack, of shape (S, V); logits for drawing from a cache, of
    shape (N_RECORDS, N_DRAWN, V); the gradient of all adapter weights, of shape (N,)."""
    leak: float

    @property
    def finite(self) -> bool:
        return all(bool(tensor.isfinite().all()) for tensor in self.numbers.values())


def outcome(model: Any) -> Outcome:
    """Compute logits of a pack, the gradient of its mean loss and logits for drawing, as the stages do."""
    packed = probe_pack(model.config.vocab_size)
    leak = leak_of(model, packed)
    logits = pack_logits(model, packed, packed.input_ids)
    with as_drawn(model):
        written = logits_for_drawing(model)
    model.train()
    token_nll(model, packed)[0].mean().backward()
    gradients = [p.grad.flatten().float().cpu() for p in model.parameters() if p.grad is not None]
    numbers = {"logits": logits, "logits for drawing": written, "LoRA's gradient": torch.cat(gradients)}
    return Outcome(numbers, leak)


@torch.no_grad()
def logits_for_drawing(model: Any) -> Tensor:
    """Logits in the order of `draw`: what the prompts share, the rest of each, then token by token.

    One prompt is shorter than the other.
    """
    ids = _ids(N_TRUNK + N_BRANCH, model.config.vocab_size)
    prompts = [[*ids[:N_TRUNK], row + 1, *ids[N_TRUNK + row :]] for row in range(N_RECORDS)]
    written, found = torch.tensor(ids[:N_DRAWN], device=model.device), []
    with rows_after(model, prompts, N_DRAWN) as rows:
        for token in written:
            found.append(rows.logits().cpu())
            rows.write(token.expand(N_RECORDS))
    return torch.stack(found, dim=1)


def probe_pack(vocabulary: int) -> Pack:
    """Two records whose prompts differ only in the last token."""
    ids = _ids(N_TRUNK + N_BRANCH, vocabulary)
    return pack([TokenPair([*ids[:N_TRUNK], row], ids[N_TRUNK:]) for row in range(1, N_RECORDS + 1)])


def _ids(n: int, vocabulary: int) -> list[int]:
    return [7 * i % vocabulary for i in range(n)]


def model_on(device: torch.device, name: str, base: Base, lora: LoraParams) -> Any:
    return with_lora(load_base(name, base, device, BRANCHED), lora, 0, base.gradient_checkpointing)
