"""Rows that go on from their prompts, one token at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor
from transformers import Cache
from transformers.cache_utils import DynamicLayer

from stages.common.llm.cache import RoomyLayer
from stages.common.llm.packing import common_prefix
from stages.common.llm.positions import refuse_changing_positions
from stages.common.llm.rows import ROWS, Prompts


@dataclass
class Rows:
    """The rows that go on; B of them."""

    model: Any
    read: Prompts
    last: Tensor
    """The last token of each row, shape (B, 1)."""
    written: Cache
    """Keys and values of what each row has written, and of the last token of its prompt."""

    def logits(self) -> Tensor:
        """Logits of the next tokens: shape (B, V), float32."""
        positions = torch.tensor(self.read.lengths, device=self.last.device) + self.written.get_seq_length()
        found: Tensor = self.model(
            input_ids=self.last,
            position_ids=positions[:, None],
            past_key_values=self.written,
            use_cache=True,
            logits_to_keep=1,
            read=self.read,
        ).logits[:, -1]
        return found.float()

    def write(self, tokens: Tensor) -> None:
        """Take the next token of each row, shape (B,)."""
        self.last = tokens[:, None]

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone."""
        kept = torch.tensor(rows, dtype=torch.long, device=self.last.device)
        self.last = self.last[kept]
        self.read = self.read.of(rows)
        self.written.batch_select_indices(kept)


@contextmanager
def rows_after(model: Any, prompts: Sequence[Sequence[int]], n_new: int) -> Iterator[Rows]:
    """Rows after these prompts; rows with the same prompt stand together.

    Each prompt is read once, and a beginning that prompts share is read once for them.

    Args:
        n_new: the most tokens that a row will write.
    """
    refuse_changing_positions(model, max(map(len, prompts)) + n_new)
    distinct = list(dict.fromkeys(tuple(prompt) for prompt in prompts))
    owners = [distinct.index(tuple(prompt)) for prompt in prompts]
    last = torch.tensor([[prompt[-1]] for prompt in prompts], device=model.device)
    read = Prompts(_read(model, [prompt[:-1] for prompt in distinct]), owners)
    before = model.config._attn_implementation
    model.set_attn_implementation(ROWS)
    try:
        roomy: Any = partial(RoomyLayer, n_new)
        yield Rows(model, read, last, Cache(layer_class_to_replicate=roomy))
    finally:
        model.set_attn_implementation(before)


def _read(model: Any, prompts: Sequence[Sequence[int]]) -> list[Cache]:
    """Keys and values of each prompt; a beginning that several share is computed once."""
    caches: dict[tuple[int, ...], Cache] = {}
    before: tuple[int, ...] = ()
    for ids in sorted({tuple(prompt) for prompt in prompts}):
        n_shared = len(common_prefix([before, ids]))  # in this order, no other prompt shares more
        caches[ids] = _cache(model, ids[n_shared:], caches.get(before), n_shared)
        before = ids
    return [caches[tuple(prompt)] for prompt in prompts]


def _cache(model: Any, ids: Sequence[int], before: Cache | None, n_shared: int) -> Cache:
    """Keys and values of the first `n_shared` tokens of another prompt, and of the ids after them."""
    cache = Cache(layer_class_to_replicate=DynamicLayer)
    layers: list[Any] = before.layers if before and n_shared else []
    for place, layer in enumerate(layers):
        cache.update(layer.keys[:, :, :n_shared], layer.values[:, :, :n_shared], place)
    if ids:
        tokens = torch.tensor([list(ids)], device=model.device)
        model(input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
    return cache
