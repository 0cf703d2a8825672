"""Examples as token ids: a `datasets.Dataset`, and packs made from its rows."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset

from stages.common.files import read_records
from stages.common.llm.packing import Pack, pack
from stages.common.llm.pairs import token_pairs
from stages.common.llm.ranks import own
from stages.common.llm.template import TokenPair
from stages.common.records import Example
from stages.shell.rank import n_ranks


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
    """This process's part of what all compute together, for Trainer.

    Trainer counts tokens by `shift_labels` where there are `labels`: here those of all processes. One whose
    part is empty, at the end of an epoch, gets a record without weight. DDP takes the mean of the
    processes' gradients, so a part weighs as much as there are processes.
    """
    mine = own(rows)
    packed = pack([_pair(row) for row in mine or rows[:1]])
    targets = torch.tensor([token for row in rows for token in row["completion_ids"]])
    counted = {"labels": targets, "shift_labels": targets}
    return {"input_ids": packed.input_ids, "pack": packed, "weight": n_ranks() if mine else 0, **counted}


def pack_of(dataset: Dataset, start: int, size: int) -> Pack:
    """The pack of up to `size` records from `start` on, in the order of the dataset."""
    return pack([_pair(dataset[i]) for i in range(start, min(start + size, len(dataset)))])


def pairs(dataset: Dataset) -> list[TokenPair]:
    return [_pair(row) for row in dataset]


def n_completion_tokens(dataset: Dataset) -> int:
    return sum(len(ids) for ids in dataset["completion_ids"])


def _pair(row: dict[str, Any]) -> TokenPair:
    return TokenPair(row["prompt_ids"], row["completion_ids"])
