"""Text of a row: at the end, and so far for someone who watches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor
from transformers import StoppingCriteria

from stages.common.llm.marks import marks_of, text_of

Watch: TypeAlias = Callable[[list[str]], None]
"""Called after each token with the texts so far of all rows."""


@dataclass(frozen=True)
class Drawn:
    """One completion."""

    text: str
    n_tokens: int
    """Number of tokens without the end mark."""
    ended: Literal["eos", "length"]


def drawn_of(ids: list[int], tokenizer: Any) -> Drawn:
    """The completion in the ids of a row, without the prompt."""
    stops = marks_of(tokenizer).stops
    n_tokens = next((n for n, token in enumerate(ids) if token in stops), len(ids))
    return Drawn(text_of(ids[:n_tokens], tokenizer), n_tokens, "eos" if n_tokens < len(ids) else "length")


def text_so_far(ids: list[int], tokenizer: Any) -> str:
    """The text of a row that may not have ended; half a character at its end is left out."""
    one = drawn_of(ids, tokenizer)
    return one.text if one.ended == "eos" else one.text.rstrip("\ufffd")


class Watcher(StoppingCriteria):
    """Reports what has been written; stops nothing."""

    def __init__(self, watch: Watch, tokenizer: Any, n_prompt: int, n_rows: int) -> None:
        self.watch, self.tokenizer, self.n_prompt = watch, tokenizer, n_prompt
        self.going = list(range(n_rows))
        self.texts = [""] * n_rows

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: Any) -> Tensor:
        """Ids of shape (B, S), a row for each that is going on, to shape (B,)."""
        for row, written in zip(self.going, input_ids[:, self.n_prompt :].tolist(), strict=True):
            self.texts[row] = text_so_far(written, self.tokenizer)
        self.watch(list(self.texts))
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these of the rows that have not ended."""
        self.going = [self.going[row] for row in rows]
