"""Attention in which no token sees a later one; on Apple's GPU by an explicit mask (metal.py)."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionMaskInterface
from transformers.masking_utils import sdpa_mask

from stages.common.llm import metal


def causal_attention(query: Tensor, key: Tensor, value: Tensor, scaling: float | None) -> Tensor:
    """Shapes (B, H, L, D), all three, to (B, H, L, D)."""
    mask = None
    if metal.needs_explicit_mask(query.device):
        length = query.shape[2]
        mask = torch.ones(length, length, dtype=torch.bool, device=query.device).tril()
    return scaled_dot_product_attention(
        query, key, value, attn_mask=mask, is_causal=mask is None, scale=scaling
    )


def explicit_mask(
    *, q_length: int, device: torch.device, allow_is_causal_skip: bool = True, **options: Any
) -> Tensor | None:
    """transformers' mask for "sdpa", made where transformers would leave it to `is_causal`.

    A single query sees every key: it needs no mask, and transformers sets no `is_causal`.
    """
    skip = allow_is_causal_skip and not (q_length > 1 and metal.needs_explicit_mask(device))
    return sdpa_mask(q_length=q_length, device=device, allow_is_causal_skip=skip, **options)


AttentionMaskInterface.register("sdpa", explicit_mask)
