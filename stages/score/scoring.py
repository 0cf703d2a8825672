"""One arm over one split."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from stages.common.llm.loss import token_nll
from stages.common.llm.packing import pack
from stages.common.llm.pairs import token_pairs
from stages.common.llm.template import TokenPair, text_ids
from stages.common.records import Condition, Example, ProfileLoss, Split, TokenLoss
from stages.score.spans import STRUCTURE, fields_of_tokens, value_spans


class Scorer:
    """Model and tokenizer; the caller turns adapters on and off."""

    def __init__(
        self, model: Any, tokenizer: Any, template: str, max_length: int, records_per_pack: int
    ) -> None:
        self.model, self.tokenizer, self.template = model, tokenizer, template
        self.max_length, self.records_per_pack = max_length, records_per_pack

    def pairs(self, examples: Sequence[Example], place: str) -> list[TokenPair]:
        """Token ids of the examples of a file; UserError names all that cannot be scored."""
        shorter = f"The base reads {self.max_length} tokens: shorten the profiles or prompts"
        return token_pairs(self.tokenizer, self.template, examples, self.max_length, place, shorter)

    @torch.no_grad()
    def score(
        self,
        examples: Sequence[Example],
        pairs: Sequence[TokenPair],
        arm: str,
        data: Condition,
        split: Split,
    ) -> Iterator[ProfileLoss]:
        """Every example's negative log-likelihood, in order."""
        for start in range(0, len(examples), self.records_per_pack):
            batch = slice(start, start + self.records_per_pack)
            for example, nll in zip(examples[batch], self._nll(pairs[batch]), strict=True):
                yield ProfileLoss(
                    source_id=example.source_id,
                    data=data,
                    split=split,
                    arm=arm,
                    nll=sum(nll),
                    n_tokens=len(nll),
                    fields=self._by_field(example.completion, nll),
                )

    def _nll(self, pairs: Sequence[TokenPair]) -> list[list[float]]:
        """Losses of the completion tokens of each record, the end mark last."""
        nll, owner = token_nll(self.model, pack(pairs))
        nll, owner = nll.cpu(), owner.cpu()
        return [nll[owner == i].tolist() for i in range(len(pairs))]

    def _by_field(self, completion: str, nll: Sequence[float]) -> dict[str, TokenLoss]:
        encoded = text_ids(self.tokenizer, completion, return_offsets_mapping=True)
        names = [*fields_of_tokens(encoded["offset_mapping"], value_spans(completion)), STRUCTURE]
        sums: dict[str, list[float]] = {}
        for name, loss in zip(names, nll, strict=True):
            sums.setdefault(name, []).append(loss)
        return {
            name: TokenLoss(nll=sum(losses), n_tokens=len(losses)) for name, losses in sorted(sums.items())
        }
