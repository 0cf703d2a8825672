"""Attention over a pack: the trunk to itself, every branch to the trunk and itself.

The same result as one dense block mask over the whole pack, without computing the blocks
that the mask would hide.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

from stages.common.llm.causal import causal_attention
from stages.common.llm.packing import Layout

BRANCHED = "branched"
"""Its name in transformers' `attn_implementation`."""


def branched_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    layout: Layout,
    scaling: float | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Attention of one pack, in the form that transformers' AttentionInterface asks for.

    Args:
        query: shape (1, H, S, D).
        key: shape (1, K, S, D), K key-value heads, H a multiple of K.
        value: as key.
        attention_mask: none; the layout says who sees whom.

    Returns:
        shape (1, S, H, D), and no weights.
    """
    repeats, n_trunk = query.shape[1] // key.shape[1], layout.n_trunk
    trunk_key, trunk_value = key[:, :, :n_trunk], value[:, :, :n_trunk]
    branches = scaled_dot_product_attention(
        _by_branch(query, layout),
        _after_trunk(trunk_key, _by_branch(key, layout)).repeat_interleave(repeats, dim=1),
        _after_trunk(trunk_value, _by_branch(value, layout)).repeat_interleave(repeats, dim=1),
        attn_mask=layout.visible,
        scale=scaling,
    )
    flat = branches.transpose(1, 2).flatten(0, 1).index_select(0, layout.used)[None]
    if n_trunk == 0:
        return flat, None
    trunk = causal_attention(
        query[:, :, :n_trunk],
        trunk_key.repeat_interleave(repeats, dim=1),
        trunk_value.repeat_interleave(repeats, dim=1),
        scaling,
    )
    return torch.cat([trunk.transpose(1, 2), flat], dim=1), None


def _by_branch(tensor: Tensor, layout: Layout) -> Tensor:
    """Shape (1, H, S, D) to (B, H, L, D): whole rows, which is how they lie in memory."""
    rows = tensor[0].transpose(0, 1).index_select(0, layout.index.flatten())
    return rows.view(*layout.index.shape, *rows.shape[1:]).transpose(1, 2)


def _after_trunk(trunk: Tensor, branches: Tensor) -> Tensor:
    """Shapes (1, H, P, D) and (B, H, L, D) to (B, H, P + L, D)."""
    return torch.cat([trunk.expand(len(branches), -1, -1, -1), branches], dim=2)


AttentionInterface.register(BRANCHED, branched_attention)
