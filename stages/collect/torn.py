"""Profiles that do not end before the next one begins: position of the next one, and text of the torn one."""

import re
from collections.abc import Set

from stages.common.json_objects import candidates
from stages.common.quotes import MARKS

_WORD = rf"([^\s{MARKS}{{}}\[\],:][^{MARKS}{{}}\[\],:\n]{{0,80}}?)"
_COLON = rf"\s*+[{MARKS}]?\s*+:"
_BRACE = re.compile(rf"\{{(?:\s*+[{MARKS}]?\s*+{_WORD}{_COLON})?")
KEY = re.compile(rf"(?:\A|(?<=[{MARKS}{{}}\[\],:\n]))[^\S\n]*+{_WORD}{_COLON}")
"""A word with a colon behind it. It begins where a key can begin: to look from every letter takes minutes."""
_NAMED = re.compile(rf"(?:[{MARKS}]|[{{,]\s*){_WORD}\s*[{MARKS}]?\s*:[^\S\n]*(?:\[\s*)?\Z")
"""Text before the value of a key. A new line separates a key from its value."""
_NEXT_KEY = re.compile(rf",\s*+[{MARKS}]?{_WORD}{_COLON}\s*+\[?\s*+\Z")
"""Name of the next person, in an object of people by name."""
REACH = 65536
"""Number of characters within which a profile closes, if it does."""
_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}\s|\*\*|>\s|[-*_]{3,}[ \t]*$|`{3}|~{3}|\d+[.)]\s|\w+ \d+[ \t]*[:.)–-])", re.MULTILINE
)
"""A line that does not occur in JSON."""
_JSON_SIGN = re.compile(
    rf"""[{{}}{MARKS.replace("'", "").replace("’", "")}]|['’]\s*[,:}}\]]|[:,{{\[]\s*['’]"""
)


def next_profile(text: str, keys: Set[str]) -> int | None:
    """Position in an unreadable object where another profile begins; None if none does.

    It has at least half of the schema's keys before it closes, or before another object begins with its
    first key, and is not the value of one of the schema's keys: so it is no part of the object. Or it begins
    with the key that the object begins with, where no value can stand.

    >>> next_profile('{"age": 3, "coat": "red  Profile 2: {"age": 4, "coat": "blue"}', {"age", "coat"})
    36
    """
    size = 1024
    while (found := _first(text[:size], keys)) is None and size < len(text):
        size *= 4
    return found


def _first(text: str, keys: Set[str]) -> int | None:
    """`next_profile` within a part of the text, so that a long answer is not searched for each profile."""
    at = [(found.start(1), key) for found in KEY.finditer(text) if (key := found[1].lower()) in keys]
    followers: dict[str, int] = {}
    nearest: dict[str, int] = {}
    places: list[tuple[int, int, bool, list[int]]] = []
    braces = [*_BRACE.finditer(text)]
    own = (braces[0][1] or "").lower() if braces else ""
    for brace in reversed(braces[1:]):
        first = (brace[1] or "").lower()
        while at and at[-1][0] >= brace.start():
            place, key = at.pop()
            nearest[key] = place
        alike = first == own and first in keys
        places.append((brace.start(), followers.get(first, len(text)), alike, [*nearest.values()]))
        followers[first] = brace.start()
    for begin, end, alike, following in reversed(places):
        before = text[max(begin - 200, 0) : begin]
        if alike and not _NAMED.search(before) and not before.rstrip().endswith((",", "[")):
            return begin
        if _n_before(end, following) * 2 < len(keys) or _names_a_field(before, keys):
            continue
        closed = begin + next(candidates(text[begin : begin + REACH])).end
        if _n_before(min(end, closed), following) * 2 >= len(keys):
            return begin
    return None


def torn_text(text: str) -> str:
    """An object up to where the words begin that lead to the next one.

    >>> torn_text('{"age": 3, "coat": "red"\\n\\nProfile 2:\\n'), torn_text('{"age": 3}, ')
    ('{"age": 3, "coat": "red"', '{"age": 3}')
    """
    text = _NEXT_KEY.sub("", text)
    if heading := _HEADING.search(text, 1):
        text = text[: heading.start()]
    last = max((sign.end() for sign in _JSON_SIGN.finditer(text)), default=1)
    if text[last - 1] == "}":
        return text[:last]
    line_end = text.find("\n", last)
    return text[: line_end if line_end >= 0 else len(text)].rstrip().rstrip(",") or text[:1]


def _n_before(end: int, following: list[int]) -> int:
    """How many of the schema's keys stand before a place, by where each stands next."""
    return sum(place < end for place in following)


def _names_a_field(before: str, keys: Set[str]) -> bool:
    named = _NAMED.search(before)
    return named is not None and named[1].lower() in keys
