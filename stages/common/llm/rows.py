"""Attention of rows that write: each sees its prompt, which all rows with that prompt share, and itself.

A prompt's keys and values lie in memory once, whatever the number of its draws, and those of a
grouped head are not repeated.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, Cache

from stages.common.llm.attention import not_told, refuse_unknown

ROWS = "rows"
"""Name in transformers' `attn_implementation`."""


@dataclass(frozen=True)
class Prompts:
    """What rows have read: their prompts, each computed once."""

    caches: Sequence[Cache]
    """Keys and values of each prompt, of a single row."""
    owners: Sequence[int]
    """The place of each row's prompt; rows of one prompt stand together."""

    def of(self, rows: Sequence[int]) -> "Prompts":
        """What these rows have read."""
        return Prompts(self.caches, [self.owners[row] for row in rows])

    @cached_property
    def lengths(self) -> list[int]:
        """Tokens of each row's prompt."""
        of_prompt = [cache.get_seq_length() for cache in self.caches]
        return [of_prompt[owner] for owner in self.owners]

    @cached_property
    def runs(self) -> list[tuple[slice, Cache]]:
        """The rows of each prompt that has tokens, and its keys and values."""
        starts = [row for row, owner in enumerate(self.owners) if row == 0 or self.owners[row - 1] != owner]
        ends = [*starts[1:], len(self.owners)]
        return [
            (slice(start, end), self.caches[self.owners[start]])
            for start, end in zip(starts, ends, strict=True)
            if self.lengths[start]
        ]

    def states(self, layer: int, seen: int | None) -> Iterator[tuple[slice, Tensor, Tensor]]:
        """Rows of each prompt that has tokens, with its last `seen` keys and values: shape (1, K, P, D)."""
        for rows, cache in self.runs if seen != 0 else ():
            found: Any = cache.layers[layer]
            yield rows, _last(found.keys, seen), _last(found.values, seen)


def rows_attention(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    read: Prompts | None = None,
    scaling: float | None = None,
    dropout: float = 0.0,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Attention of one new token per row: shape (B, 1, H, D), and no weights, as AttentionInterface asks.

    Args:
        query: shape (B, H, 1, D).
        key: shape (B, K, n, D), what each row has written, K key-value heads, H a multiple of K.
        value: as key.
        attention_mask: none; every row sees its prompt and itself, and no dropout applies.
        sliding_window: number of tokens that a token sees, itself included; all if None.
        softcap: the scores go through softcap * tanh(score / softcap), Gemma 2's way.

    Raises:
        UserError: names an argument that is unknown here and would be ignored; `read` did not arrive.
    """
    refuse_unknown(module, others, "drawing does")
    if read is None:
        raise not_told(module, "what each row has read")
    n_rows, n_heads, _, size = query.shape
    n_groups, n_written = key.shape[1:3]
    seen = None if sliding_window is None else max(sliding_window - n_written, 0)
    queries = query.reshape(n_rows, n_groups, n_heads // n_groups, size)
    attend = partial(_attend, scale=size**-0.5 if scaling is None else scaling, softcap=softcap)
    own, of_own = attend(queries, _last(key, sliding_window), _last(value, sliding_window))
    prompt, of_prompt = torch.zeros_like(own), torch.full_like(of_own, -torch.inf)
    for rows, keys, values in read.states(module.layer_idx, seen):
        prompt[rows], of_prompt[rows] = _attend_together(attend, queries[rows], keys, values)
    return _joined(own, of_own, prompt, of_prompt).to(query.dtype).reshape(n_rows, 1, n_heads, size), None


def _attend_together(
    attend: Callable[..., tuple[Tensor, Tensor]], queries: Tensor, key: Tensor, value: Tensor
) -> tuple[Tensor, Tensor]:
    """Attention of rows to the prompt that they share, as if they were more queries of one row.

    Args:
        attend: see `_attend`.
        queries: shape (b, K, Q, D).
        key: shape (1, K, P, D).
        value: as key.
    """
    _, n_groups, n_queries, size = queries.shape
    grouped = queries.transpose(0, 1).reshape(1, n_groups, -1, size)
    out, total = attend(grouped, key, value)
    return (
        out.view(n_groups, -1, n_queries, size).transpose(0, 1),
        total.view(n_groups, -1, n_queries).transpose(0, 1),
    )


def _attend(
    query: Tensor, key: Tensor, value: Tensor, scale: float, softcap: float | None
) -> tuple[Tensor, Tensor]:
    """Weighted values of all keys, and the logarithm of the sum of the weights before they are made shares.

    With it, the results of two sets of keys can be joined, see `_joined`.

    Args:
        query: shape (b, K, Q, D).
        key: shape (b, K, n, D).
        value: as key.

    Returns:
        shapes (b, K, Q, D) and, in float32 at least, (b, K, Q).
    """
    if query.device.type == "cpu" and softcap is None:
        fused = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
        out, total = fused(query, key, value, scale=scale)
        return out, total
    scores = (query @ key.mT).float() * scale
    if softcap is not None:
        scores = softcap * (scores / softcap).tanh()
    return scores.softmax(-1).to(value.dtype) @ value, scores.logsumexp(-1)


def _joined(one: Tensor, of_one: Tensor, other: Tensor, of_other: Tensor) -> Tensor:
    """Attention to two sets of keys from what `_attend` gives for each; in float32 at least.

    Milakov and Gimelshein 2018, Online normalizer calculation for softmax, section 3.
    """
    share = (of_other - of_one).sigmoid().unsqueeze(-1)
    return one.to(share.dtype).lerp(other.to(share.dtype), share)


def _last(states: Tensor, n: int | None) -> Tensor:
    """The last n tokens; all if there are no more, or if n is None."""
    return states if n is None else states[:, :, states.shape[2] - min(n, states.shape[2]) :]


AttentionInterface.register(ROWS, rows_attention)
