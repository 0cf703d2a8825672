"""Examples as token ids: a `datasets.Dataset`, and packs made from its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from datasets import Dataset

from stages.common.files import read_records
from stages.common.llm.packing import Pack, pack
from stages.common.llm.pairs import token_pairs
from stages.common.llm.template import TokenPair
from stages.common.records import Example


def tokenized(path: Path, tokenizer: Any, template: str, max_length: int) -> Dataset:
    """The examples of a split, with columns prompt_ids and completion_ids.

    Raises:
        UserError: names every example that the tokenizer would change, or that is longer than `max_length`.
    """
    shorter = f"Raise train.common.max_length (now {max_length}), or shorten the profiles or prompts"
    examples = read_records(path, Example)
    pairs = token_pairs(tokenizer, template, examples, max_length, str(path), shorter)
    return Dataset.from_list([asdict(pair) for pair in pairs])


def collate(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One micro-batch for Trainer, which counts tokens by `shift_labels` where there are `labels`."""
    packed = pack([_pair(row) for row in rows])
    targets = packed.targets
    return {"input_ids": packed.input_ids, "labels": targets, "shift_labels": targets, "pack": packed}


def packs(dataset: Dataset, size: int) -> Iterator[Pack]:
    """Packs of `size` records, in the order of the dataset."""
    for start in range(0, len(dataset), size):
        rows = [dataset[i] for i in range(start, min(start + size, len(dataset)))]
        yield pack([_pair(row) for row in rows])


def pairs(dataset: Dataset) -> list[TokenPair]:
    return [_pair(row) for row in dataset]


def n_completion_tokens(dataset: Dataset) -> int:
    return sum(len(ids) for ids in dataset["completion_ids"])


def _pair(row: dict[str, Any]) -> TokenPair:
    return TokenPair(row["prompt_ids"], row["completion_ids"])
