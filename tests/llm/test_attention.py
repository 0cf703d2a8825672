"""Branched attention against one dense block mask over the whole pack."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from stages.common.llm.attention import branched_attention
from stages.common.llm.packing import Pack, pack
from stages.common.llm.template import TokenPair
from stages.shell.errors import UserError
from tests.llm.test_loss import BATCHES


def dense_mask(packed: Pack, window: int | None) -> Tensor:
    """Shape (S, S): i sees j if j is not later, in the trunk or of the same record, and in the window."""
    owner, position = packed.owner, packed.position_ids[0]
    reaches = (owner[None, :] == -1) | (owner[:, None] == owner[None, :])
    distance = position[:, None] - position[None, :]
    return reaches & (distance >= 0) & (distance < (window or len(position)))


@pytest.mark.parametrize("window", [None, 1, 3, 6, 100])
@pytest.mark.parametrize("n_key_heads", [1, 2, 4])
@pytest.mark.parametrize("batch", BATCHES)
def test_equals_the_dense_mask(batch: str, n_key_heads: int, window: int | None) -> None:
    packed = pack(BATCHES[batch])
    n_tokens = packed.input_ids.shape[1]
    draws = torch.Generator().manual_seed(3)
    query, key, value = (
        torch.randn(1, heads, n_tokens, 6, generator=draws, dtype=torch.float64)
        for heads in (4, n_key_heads, n_key_heads)
    )
    found, weights = branched_attention(
        nn.Identity(), query, key, value, None, layout=packed.layout, scaling=0.3, sliding_window=window
    )
    expected = scaled_dot_product_attention(
        query, key, value, attn_mask=dense_mask(packed, window), scale=0.3, enable_gqa=True
    )
    assert weights is None
    torch.testing.assert_close(found, expected.transpose(1, 2), rtol=0, atol=1e-12)


def test_a_branch_cannot_see_another() -> None:
    pairs = [TokenPair([1, 2, 3], [4, 5, 9]), TokenPair([1, 2, 6], [7, 8, 9])]
    layout = pack(pairs).layout
    query, key = torch.randn(1, 1, 8, 4), torch.randn(1, 1, 8, 4)
    value = torch.zeros(1, 1, 8, 1)
    value[..., 2:5, :] = 1  # the first branch speaks: trunk of 2, branches of 3
    found, _ = branched_attention(nn.Identity(), query, key, value, None, layout=layout)
    heard = found[0, :, 0, 0]
    assert heard[:2].abs().max() == 0
    assert heard[2:5].min() > 0
    assert heard[5:].abs().max() == 0


def test_a_high_cap_caps_nothing() -> None:
    layout = pack(BATCHES["a shared beginning"]).layout
    query, key, value = torch.randn(3, 1, 2, 21, 4, dtype=torch.float64).unbind()
    plain, capped = (
        branched_attention(nn.Identity(), query, key, value, None, layout=layout, softcap=cap)[0]
        for cap in (None, 1e6)
    )
    torch.testing.assert_close(capped, plain, rtol=0, atol=1e-9)


def test_an_argument_that_would_be_ignored_is_refused() -> None:
    layout, states = pack([TokenPair([1, 2], [3])]).layout, torch.randn(1, 1, 2, 4)
    harmless: dict[str, Any] = {
        "position_ids": torch.arange(2)[None],
        "use_cache": False,
        "position_bias": None,
    }
    branched_attention(nn.Identity(), states, states, states, None, layout=layout, **harmless)
    with pytest.raises(UserError, match="Identity asks for is_causal, s_aux, which"):
        branched_attention(
            nn.Identity(), states, states, states, None, layout=layout, s_aux=states, is_causal=False
        )
