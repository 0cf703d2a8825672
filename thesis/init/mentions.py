"""Texts that still say what was left out: a name in a sentence."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from stages.common.records import Profile
from thesis.init.keys import values

SHORTEST = 3
"""Letters of a word that counts."""


def mentions(
    records: Sequence[Profile], arranged: Sequence[Profile], left_out: Collection[str]
) -> Counter[str]:
    """In how many records a text that is kept holds a word of what was left out, by path."""
    found = Counter[str]()
    for record, kept in zip(records, arranged, strict=True):
        secrets = {word for path in left_out for value in values(record, path) for word in _words(value)}
        if secrets:
            found.update({path for path, text in _texts(kept) if secrets & {*_split(text)}})
    return found


def _words(value: Any) -> Iterator[str]:
    """Words of some length with a capital or a digit: names and numbers, not what is said of them."""
    for _, text in _texts(value):
        yield from (
            w for w in _split(text) if len(w) >= SHORTEST and (w[:1].isupper() or re.search(r"\d|@", w))
        )


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, f"{path}[]")


def _split(text: str) -> list[str]:
    return re.findall(r"\w[\w@.'+-]*\w", text)
