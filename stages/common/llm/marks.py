"""Tokens that stand for no text: the ends of a turn, and all other control tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Marks:
    """Control tokens of a checkpoint, as ids."""

    end: int
    """Ends every completion that is trained on or scored, and pads rows that have ended."""
    stops: frozenset[int]
    """End a completion when they are drawn; `end` is one of them."""
    control: frozenset[int]
    """All control tokens, the stops among them: none of them may come out of a person's text."""


def marks_of(tokenizer: Any) -> Marks:
    """What `read_tokenizer` found; for any other tokenizer, its own end and special tokens."""
    found = getattr(tokenizer, "marks", None)
    if isinstance(found, Marks):
        return found
    end = tokenizer.eos_token_id
    return Marks(end, frozenset([end]), frozenset([end, *getattr(tokenizer, "all_special_ids", ())]))


def text_of(ids: Sequence[int], tokenizer: Any) -> str:
    """The text of a completion. A control token inside it is shown by its name, not left out."""
    text: str = tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)
    return text


def n_known(tokenizer: Any) -> int:
    """How many tokens have a text: a checkpoint's head may be wider, as in Qwen, to fill a matrix up."""
    ids: dict[str, int] = tokenizer.get_vocab()
    return 1 + max(ids.values())
