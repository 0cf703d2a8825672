"""Micro-batches of records as token ids."""

from collections.abc import Iterator, Sequence
from typing import Any

from stages.common.llm.packing import Pack, pack
from stages.common.llm.template import TokenPair


def collate(pairs: Sequence[TokenPair]) -> dict[str, Any]:
    """One micro-batch for Trainer, which counts tokens by `shift_labels` where there are `labels`."""
    packed = pack(pairs)
    targets = packed.targets
    return {"input_ids": packed.input_ids, "labels": targets, "shift_labels": targets, "pack": packed}


def packs(pairs: Sequence[TokenPair], size: int) -> Iterator[Pack]:
    """Packs of `size` records, in their order."""
    for start in range(0, len(pairs), size):
        yield pack(pairs[start : start + size])


def n_completion_tokens(pairs: Sequence[TokenPair]) -> int:
    return sum(len(pair.completion_ids) for pair in pairs)
