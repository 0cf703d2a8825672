"""Text of a row: at the end, and so far for someone who watches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from stages.common.llm.marks import marks_of, text_of

Watch: TypeAlias = Callable[[list[str]], None]
"""Called after each token with the texts so far of all rows."""


@dataclass(frozen=True)
class Drawn:
    """One completion."""

    text: str
    token_ids: list[int]
    """What was drawn, without the end mark."""
    ended: Literal["eos", "length"]

    @property
    def n_tokens(self) -> int:
        return len(self.token_ids)


def drawn_of(ids: list[int], tokenizer: Any) -> Drawn:
    """The completion in the ids of a row, without the prompt."""
    stops = marks_of(tokenizer).stops
    n_tokens = next((n for n, token in enumerate(ids) if token in stops), len(ids))
    return Drawn(text_of(ids[:n_tokens], tokenizer), ids[:n_tokens], "eos" if n_tokens < len(ids) else "length")


def text_so_far(ids: list[int], tokenizer: Any) -> str:
    """The text of a row that may not have ended; half a character at its end is left out."""
    one = drawn_of(ids, tokenizer)
    return one.text if one.ended == "eos" else one.text.rstrip("\ufffd")
