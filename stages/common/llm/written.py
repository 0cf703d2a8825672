"""What a row has written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from stages.common.llm.marks import marks_of, text_of


@dataclass(frozen=True)
class Drawn:
    """One completion."""

    text: str
    token_ids: list[int]
    """What was drawn, without the end mark."""
    ended: Literal["eos", "length"]
    """Why it ended; "length" as well while it goes on."""

    @property
    def n_tokens(self) -> int:
        return len(self.token_ids)

    @property
    def readable(self) -> str:
        """The text without half a character at its end, which the next token may complete."""
        return self.text if self.ended == "eos" else self.text.rstrip("\ufffd")


Watch: TypeAlias = Callable[[list[Drawn]], None]
"""Called after each token with what all rows have written so far."""


def drawn_of(ids: list[int], tokenizer: Any) -> Drawn:
    """The completion in the ids of a row, without the prompt."""
    stops = marks_of(tokenizer).stops
    n_tokens = next((n for n, token in enumerate(ids) if token in stops), len(ids))
    return Drawn(
        text_of(ids[:n_tokens], tokenizer), ids[:n_tokens], "eos" if n_tokens < len(ids) else "length"
    )
