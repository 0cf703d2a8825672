"""Draws of one pasted answer, and the text around them."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from stages.collect.encoded import opened
from stages.collect.furniture import without_furniture
from stages.collect.objects import objects
from stages.common.fields import canonical
from stages.common.json_objects import UNCLOSED, Candidate, candidates
from stages.common.quotes import MARKS
from stages.shell.errors import UserError

MAX_DRAWS = 2000
"""Draws in one answer. The limit exists because every pair of an arm's draws is compared."""

_LEADS = rf"""[\s\[{{,]*(?:(?:[{MARKS}][^{MARKS}\n]*[{MARKS}]|(?<=\{{)\s*\w+)\s*:[\s\[{{,]*)*\Z"""
_OPENING = re.compile(_LEADS)
"""What leads to an object: the keys of wrappers, brackets, commas."""
_CLOSING = re.compile(r"\A[\s\]},]*")


@dataclass(frozen=True)
class Piece:
    """One draw's worth of an answer."""

    text: str
    ended: Literal["closed", "cut"]


@dataclass(frozen=True)
class Answer:
    """What one pasted answer holds."""

    pieces: tuple[Piece, ...]
    """At least one: an answer without an object is a draw as a whole."""
    around: str
    """What it says beside its objects; "" without an object."""


def split(answer: str, keys: Set[str]) -> Answer:
    """The draws of an answer.

    Args:
        keys: the top-level keys of the schema, in lower case.

    Raises:
        UserError: if there are more than MAX_DRAWS.

    >>> found = split('Two cats:\\n[{"coat": "black"},\\n {"coat": "wh', {"coat"})
    >>> [(piece.text, piece.ended) for piece in found.pieces], found.around
    ([('{"coat": "black"}', 'closed'), ('{"coat": "wh', 'cut')], 'Two cats:')
    """
    answer, said = opened(answer, keys)
    found = list(islice(objects(answer, keys), MAX_DRAWS + 1))
    if len(found) > MAX_DRAWS:
        raise UserError(
            f"holds more than {MAX_DRAWS:,} profiles, which no chat page writes in one answer; "
            "a dataset belongs in data/raw, and each answer in a file of its own"
        )
    if not found:
        furniture_alone = answer.strip() and not without_furniture(answer).strip()
        return Answer((Piece("" if furniture_alone else answer, "closed"),), "")
    around = "\n".join(filter(None, [said, _around(answer, found)]))
    return Answer(tuple(map(_piece, found)), around)


def content(answer: str) -> tuple[str, ...]:
    """Objects of an answer without their layout, or its words if it has no object.

    It is the same for an answer that was pasted by hand and imported from an export.

    >>> content('Here:\\n```json\\n{"age": 3}\\n```') == content('json\\nCopy code\\n{"age":3}\\nRetry')
    True
    """
    found = [_object(candidate) for candidate in candidates(answer)]
    return tuple(found) or tuple(re.findall(r"\w+", without_furniture(answer).casefold()))


def _piece(candidate: Candidate) -> Piece:
    if candidate.reason == UNCLOSED:
        return Piece(candidate.text.rstrip(), "cut")
    return Piece(candidate.text, "closed")


def _around(answer: str, found: Sequence[Candidate]) -> str:
    ends = [0, *(candidate.end for candidate in found)]
    begins = [*(candidate.start for candidate in found), len(answer)]
    gaps = [answer[end:begin] for end, begin in zip(ends, begins, strict=True)]
    said = [_said(gap, first=i == 0, last=i == len(found)) for i, gap in enumerate(gaps)]
    return "\n".join(text for text in said if re.search(r"\w", text))


def _said(gap: str, *, first: bool, last: bool) -> str:
    """The words between two objects."""
    words = without_furniture(gap)
    words = words if first else _CLOSING.sub("", words)
    words = words if last else _OPENING.sub("", words)
    return words.strip().removeprefix("{").strip()  # of a wrapper that says more


def _object(candidate: Candidate) -> str:
    """An object with sorted keys; one that cannot be read, with single spaces."""
    return canonical(candidate.profile) if candidate.profile is not None else " ".join(candidate.text.split())
