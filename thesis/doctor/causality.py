"""Whether a token sees a later one: nothing that comes later may move the logits before it."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.attention import BRANCHED
from stages.common.llm.packing import Pack

KEPT, KEPT_OF_BRANCH = 67, 35
"""Tokens before the change: it falls within a block, whatever power of 2 a kernel takes at a time."""


def leak_of(model: Any, packed: Pack) -> float:
    """Largest change of a token's logits when later tokens change, relative to their norm.

    Three cases: the end of a pack's trunk changes; the end of one branch changes, which the other branch
    must not see either; the end of a plain sequence changes, as a prompt is read before drawing. Exact
    attention gives 0.
    """
    n_trunk, position = packed.layout.n_trunk, torch.arange(len(packed.owner))
    end_of_branch = packed.owner.eq(0) & (position >= n_trunk + KEPT_OF_BRANCH)
    end_of_trunk = packed.owner.eq(-1) & (position >= KEPT)

    def of_pack(ids: Tensor) -> Tensor:
        return pack_logits(model, packed, ids)

    found = [
        _moved(of_pack, packed.input_ids, end_of_trunk, position < KEPT),
        _moved(of_pack, packed.input_ids, end_of_branch, ~end_of_branch),
    ]
    with as_drawn(model):
        trunk, later = packed.input_ids[:, :n_trunk], end_of_trunk[:n_trunk]
        found.append(_moved(lambda ids: plain_logits(model, ids), trunk, later, ~later))
    return max(found)


@torch.no_grad()
def pack_logits(model: Any, packed: Pack, ids: Tensor) -> Tensor:
    """Logits of a pack with these ids of shape (1, S): shape (S, V), float32 on the CPU."""
    device = next(model.parameters()).device
    hidden = model.get_decoder()(
        input_ids=ids.to(device),
        position_ids=packed.position_ids.to(device),
        layout=packed.layout.to(device),
        use_cache=False,
    ).last_hidden_state[0]
    logits: Tensor = model.get_output_embeddings()(hidden).float().cpu()
    return logits


@torch.no_grad()
def plain_logits(model: Any, ids: Tensor) -> Tensor:
    """Logits of one sequence of shape (1, S) through transformers alone: shape (S, V), float32 on the CPU."""
    logits: Tensor = model(input_ids=ids.to(model.device), use_cache=False).logits[0].float().cpu()
    return logits


@contextmanager
def as_drawn(model: Any) -> Iterator[None]:
    """Set the model up as for drawing: with transformers' own attention, not in training."""
    base, was_training = model.get_base_model(), model.training
    model.eval()
    base.set_attn_implementation("sdpa")
    try:
        yield
    finally:
        base.set_attn_implementation(BRANCHED)
        model.train(was_training)


def _moved(logits_of: Callable[[Tensor], Tensor], ids: Tensor, changed: Tensor, kept: Tensor) -> float:
    """How far the logits at `kept` move when the ids at `changed`, shape (S,), come in reverse order."""
    other = ids.clone()
    other[:, changed] = ids[:, changed].flip(1)
    before, after = logits_of(ids)[kept], logits_of(other)[kept]
    moved = ((before - after).norm(dim=-1) / before.norm(dim=-1)).max().item()
    return moved if math.isfinite(moved) else math.inf
