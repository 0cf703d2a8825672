"""Texts that still mention what was left out, such as a name in a sentence."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from stages.common.records import Profile
from thesis.init.people.keys import values
from thesis.init.records.seen import inside

SHORTEST = 3
"""Letters of the shortest word that counts."""


def mentions(
    records: Sequence[Profile], arranged: Sequence[Profile], left_out: Collection[str]
) -> Counter[str]:
    """Count the records in which a kept text contains a word of what was left out, by path."""
    found = Counter[str]()
    for record, kept in zip(records, arranged, strict=True):
        secrets = {word for path in left_out for value in values(record, path) for word in _words(value)}
        if secrets:
            texts = [(path, text) for path, text in inside(kept) if isinstance(text, str)]
            found.update({path for path, text in texts if secrets & {*_split(text)}})
    return found


def _words(value: Any) -> Iterator[str]:
    """Longer words with a capital or a digit: names and numbers."""
    for text in (inner for _, inner in inside(value) if isinstance(inner, str)):
        yield from (
            w for w in _split(text) if len(w) >= SHORTEST and (w[:1].isupper() or re.search(r"\d|@", w))
        )


def _split(text: str) -> list[str]:
    return re.findall(r"\w[\w@.'+-]*\w", text)
