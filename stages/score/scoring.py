"""Held-out records, and their losses under one arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from stages.common.llm.loss import token_nll
from stages.common.llm.packing import pack
from stages.common.llm.pairs import token_pairs
from stages.common.llm.template import TokenPair, text_ids
from stages.common.records import Condition, Example, ProfileLoss, Split, TokenLoss
from stages.score.spans import STRUCTURE, fields_of_tokens, value_spans
from stages.shell.room import roomy


@dataclass(frozen=True)
class HeldOut:
    """A held-out record as token ids."""

    source_id: str
    data: Condition
    split: Split
    pair: TokenPair
    fields: Sequence[str]
    """The field that each completion token belongs to, the end mark last."""


class Scorer:
    """Model and tokenizer; the caller turns adapters on and off."""

    def __init__(self, model: Any, tokenizer: Any, template: str, max_length: int) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.template, self.max_length = template, max_length

    def held_out(
        self, examples: Sequence[Example], data: Condition, split: Split, place: str
    ) -> list[HeldOut]:
        """The records of a file; UserError names all that cannot be scored."""
        shorter = f"The base reads {self.max_length} tokens: shorten the profiles or prompts"
        pairs = token_pairs(self.tokenizer, self.template, examples, self.max_length, place, shorter)
        return [
            HeldOut(example.source_id, data, split, pair, self._fields(example.completion))
            for example, pair in zip(examples, pairs, strict=True)
        ]

    @roomy("score")
    @torch.no_grad()
    def score(self, rows: Sequence[HeldOut], arm: str) -> list[ProfileLoss]:
        """Negative log-likelihoods of records, computed together as one pack."""
        nll, owner = token_nll(self.model, pack([row.pair for row in rows]))
        nll, owner = nll.cpu(), owner.cpu()
        return [_loss(row, arm, nll[owner == place].tolist()) for place, row in enumerate(rows)]

    def _fields(self, completion: str) -> list[str]:
        encoded = text_ids(self.tokenizer, completion, return_offsets_mapping=True)
        return [*fields_of_tokens(encoded["offset_mapping"], value_spans(completion)), STRUCTURE]


def packs(rows: Sequence[HeldOut], size: int) -> list[list[int]]:
    """Places of the records that are computed together; those with one prompt stand together.

    What the prompts of a pack begin with is computed once for the pack, and the files hold the same people.
    """
    order = sorted(range(len(rows)), key=lambda place: rows[place].pair.prompt_ids)
    return [order[start : start + size] for start in range(0, len(order), size)]


def known(row: HeldOut, arm: str) -> dict[str, Any]:
    """What is known of a loss before it is computed."""
    return {
        "source_id": row.source_id,
        "data": row.data,
        "split": row.split,
        "arm": arm,
        "n_tokens": len(row.fields),
    }


def _loss(row: HeldOut, arm: str, nll: Sequence[float]) -> ProfileLoss:
    sums: dict[str, list[float]] = {}
    for name, loss in zip(row.fields, nll, strict=True):
        sums.setdefault(name, []).append(loss)
    return ProfileLoss(
        **known(row, arm),
        nll=sum(nll),
        fields={name: TokenLoss(nll=sum(part), n_tokens=len(part)) for name, part in sorted(sums.items())},
    )
