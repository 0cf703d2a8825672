"""Fields that the tokens of a completion belong to."""

import json
from collections.abc import Iterator, Sequence

from stages.common.records import Profile, one_line

STRUCTURE = ""
"""Braces, keys, colons and the end of text: what belongs to no field."""

Span = tuple[int, int]


def value_spans(text: str) -> dict[str, Span]:
    """Position of each field's value in a completion, by dotted path.

    >>> value_spans('{"age":34,"home":{"city":"Ulm"}}')
    {'age': (7, 9), 'home.city': (25, 30)}
    """
    profile = json.loads(text)
    spans = dict(_object_spans(profile, "", 0))
    if one_line(profile) != text:
        raise ValueError(f"not the one-line JSON that prepare writes: {text[:80]!r}")
    return spans


def fields_of_tokens(offsets: Sequence[Span], spans: dict[str, Span]) -> list[str]:
    """The field of each token: the one whose value holds its first character.

    A token that joins a closing quote with what follows counts for the value, since the quote
    ends it.
    """
    return [
        next((path for path, (low, high) in spans.items() if low <= start < high), STRUCTURE)
        for start, _ in offsets
    ]


def _object_spans(value: Profile, prefix: str, start: int) -> Iterator[tuple[str, Span]]:
    position = start + 1
    for key, inner in value.items():
        position += len(one_line(key)) + 1
        if isinstance(inner, dict) and inner:
            yield from _object_spans(inner, f"{prefix}{key}.", position)
        else:
            yield f"{prefix}{key}", (position, position + len(one_line(inner)))
        position += len(one_line(inner)) + 1
