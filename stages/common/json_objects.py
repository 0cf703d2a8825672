"""Parts of a text that are, or may be, JSON objects."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from stages.common.quotes import masked
from stages.common.records import Profile
from stages.common.strict_json import decode

UNCLOSED = "the object never closes"
MAX_BROKEN = 1000
"""Broken objects that are read in one text; the rest is one candidate."""

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*+"|["{}]', re.DOTALL)


@dataclass(frozen=True)
class Candidate:
    """Part of a text that may be an object: read as strict JSON, or with the reason why it cannot be."""

    start: int
    """Position of its opening brace in the text."""
    text: str
    profile: Profile | None
    reason: str | None

    @property
    def end(self) -> int:
        """The position after it."""
        return self.start + len(self.text)


def candidates(text: str) -> Iterator[Candidate]:
    """Objects that lie in no other object, in their order; the last may be cut off.

    >>> [candidate.text for candidate in candidates('One: {"a": {}}, two: {a}')]
    ['{"a": {}}', '{a}']
    """
    plain = masked(text)
    start = text.find("{")
    n_broken = 0
    while start >= 0:
        if n_broken == MAX_BROKEN:
            yield Candidate(start, text[start:], None, f"stands behind {MAX_BROKEN:,} broken objects")
            return
        try:
            profile, end = decode(text, start)
            yield Candidate(start, text[start:end], profile, None)
        except ValueError as error:
            closed = _closing(plain, start)
            if closed is None:
                yield Candidate(start, text[start:], None, UNCLOSED)
                return
            end = closed
            n_broken += 1
            yield Candidate(start, text[start:end], None, str(error))
        start = text.find("{", end)


def joined(profile: Profile, keys: Set[str]) -> Profile | None:
    """The profile that an object splits into sections; None if the object does not.

    The sections have only keys of the schema, no key twice, and together at least half of the keys.

    >>> joined({"body": {"age": 3}, "look": {"coat": "red"}}, {"age", "coat"})
    {'age': 3, 'coat': 'red'}
    """
    sections = [*profile.values()]
    if len(sections) < 2 or any(not isinstance(one, dict) or not one for one in sections):
        return None
    if any(name.strip().lower() in keys for name in profile):
        return None
    names = [key.strip().lower() for one in sections for key in one]
    if len(set(names)) < len(names) or not set(names) <= keys or len(names) * 2 < len(keys):
        return None
    return {key: value for one in sections for key, value in one.items()}


def _closing(text: str, start: int) -> int | None:
    """The position after the brace that closes the one at `start`; None if none does."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] == '"':  # a string that never ends
            return None
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return None
