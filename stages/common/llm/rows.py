"""Attention of rows that write: each sees its prompt, which all rows with that prompt share, and itself.

A prompt's keys and values lie in memory once, whatever the number of its draws, and those of a
grouped head are not repeated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, Cache

from stages.common.llm.attention import refuse_unknown
from stages.shell.errors import UserError
from stages.shell.remedies import OTHER_BASE

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

    def states(self, layer: int) -> Iterator[tuple[slice, Tensor, Tensor]]:
        """Rows of each prompt that has tokens, with its keys and values: shape (1, K, P, D)."""
        for rows, cache in self.runs:
            found: Any = cache.layers[layer]
            yield rows, found.keys, found.values


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
    """Attention of one new token per row, in the form that transformers' AttentionInterface asks for.

    Args:
        query: shape (B, H, 1, D).
        key: shape (B, K, n, D), what each row has written, K key-value heads, H a multiple of K.
        value: as key.
        attention_mask: none; every row sees its prompt and itself.
        dropout: without effect, as nothing is trained.
        sliding_window: number of tokens that a token sees, itself included; all if None.
        softcap: the scores go through softcap * tanh(score / softcap), Gemma 2's way.

    Returns:
        shape (B, 1, H, D), and no weights.

    Raises:
        UserError: names an argument that is unknown here and would be ignored; `read` did not arrive.
    """
    refuse_unknown(module, others, "drawing does")
    if read is None:
        raise UserError(
            f"{type(module).__name__} is not told what each row has read, because its layers do not pass on "
            f"their arguments\n{OTHER_BASE}"
        )
    n_rows, n_heads, _, size = query.shape
    n_groups, n_written = key.shape[1], key.shape[2]
    seen = None if sliding_window is None else max(sliding_window - n_written, 0)
    if sliding_window is not None:
        key, value = key[:, :, -sliding_window:], value[:, :, -sliding_window:]
    queries = query.reshape(n_rows, n_groups, n_heads // n_groups, size)
    scale = size**-0.5 if scaling is None else scaling
    own, of_own = _attend(queries, key, value, scale, softcap)
    prompt, of_prompt = torch.zeros_like(own), torch.full_like(of_own, -torch.inf)
    for rows, keys, values in read.states(module.layer_idx):
        if seen == 0:  # all prompts lie outside the window
            break
        grouped = queries[rows].transpose(0, 1).reshape(1, n_groups, -1, size)
        read_out, of_read = _attend(grouped, _last(keys, seen), _last(values, seen), scale, softcap)
        prompt[rows] = read_out.view(n_groups, -1, *queries.shape[2:]).transpose(0, 1)
        of_prompt[rows] = of_read.view(n_groups, -1, queries.shape[2]).transpose(0, 1)
    share = (of_prompt - of_own).sigmoid().unsqueeze(-1)
    out = own.to(share.dtype).lerp(prompt.to(share.dtype), share).to(query.dtype)
    return out.reshape(n_rows, 1, n_heads, size), None


def _attend(
    query: Tensor, key: Tensor, value: Tensor, scale: float, softcap: float | None
) -> tuple[Tensor, Tensor]:
    """Weighted values of all keys, and the logarithm of the sum of the weights before they are made shares.

    With it, the results of two sets of keys can be joined (Milakov and Gimelshein 2018, Online normalizer
    calculation for softmax, section 3).

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


def _last(states: Tensor, n: int | None) -> Tensor:
    return states if n is None else states[:, :, states.shape[2] - min(n, states.shape[2]) :]


AttentionInterface.register(ROWS, rows_attention)
