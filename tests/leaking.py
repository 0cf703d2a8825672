"""Apple's GPU, faked on the CPU: its name, and attention that leaks as it did there."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from stages.common.llm import attention, causal, metal

honest: Callable[..., Tensor] = torch.nn.functional.scaled_dot_product_attention
GROUP = 4


def leaking(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, **options: Any
) -> Tensor:
    """Leak as torch 2.12 did on Metal: `is_causal` masks once per GROUP queries (pytorch#195910)."""
    if options.pop("is_causal", False):
        length = query.shape[2]
        attn_mask = _by_group(torch.ones(length, length, dtype=torch.bool).tril())
    return honest(query, key, value, attn_mask=attn_mask, **options)


def leaking_whatever_the_mask(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, **options: Any
) -> Tensor:
    """Leak through a given mask as well."""
    if attn_mask is not None:
        attn_mask = _by_group(attn_mask)
    return leaking(query, key, value, attn_mask=attn_mask, **options)


def leak(patch: pytest.MonkeyPatch, attend: Callable[..., Tensor] = leaking) -> None:
    """Make every attention leak, ours and transformers'."""
    patch.setattr(torch.nn.functional, "scaled_dot_product_attention", attend)
    for ours in (attention, causal):
        patch.setattr(ours, "scaled_dot_product_attention", attend)


def call_it_metal(patch: pytest.MonkeyPatch) -> None:
    """Treat the CPU as Metal."""
    patch.setattr(metal, "is_metal", lambda _: True)


def _by_group(mask: Tensor) -> Tensor:
    """Shape (..., L, N): every query of a group sees what the last one sees."""
    steps = torch.arange(mask.shape[-2])
    last = (steps // GROUP * GROUP + GROUP - 1).clamp(max=len(steps) - 1)
    return mask[..., last, :]
