"""Apple's GPU, faked on the CPU: what torch did there, and how a device is called it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from stages.common.llm import causal, metal

honest: Callable[..., Tensor] = torch.nn.functional.scaled_dot_product_attention
GROUP = 4


def leaking(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, **options: Any
) -> Tensor:
    """As torch 2.12 in bfloat16 on Metal: `is_causal` masks once for GROUP queries (pytorch#195910)."""
    if options.pop("is_causal", False):
        steps = torch.arange(query.shape[2])
        attn_mask = steps[None, :] <= (steps[:, None] // GROUP * GROUP + GROUP - 1)
    return honest(query, key, value, attn_mask=attn_mask, **options)


def leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every attention of ours and of transformers leaks where it is left to `is_causal`."""
    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", leaking)
    monkeypatch.setattr(causal, "scaled_dot_product_attention", leaking)


def call_it_metal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decisions for Metal are taken on the CPU."""
    monkeypatch.setattr(metal, "is_metal", lambda _: True)
