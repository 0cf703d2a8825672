"""Profiles in a pasted answer: in fences, in a list, in an object around them, in prose."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import TypeAlias

from stages.collect.torn import KEY, next_profile, torn_text
from stages.common.json_objects import UNCLOSED, Candidate, candidates, joined
from stages.common.quotes import MARKS, masked
from stages.common.strict_json import MAX_DEPTH

TORN = "another object begins before this one closes"

_OBJECT = re.compile(rf"\{{\s*(?:[{MARKS}]|\w+\s*:|//|/\*|\Z)")
"""A brace and a key, or nothing more; not `{the profile}` and `{…}`."""
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*+("?)|[\[\]{}]', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_MEMBER = re.compile(r"(?:\[\s*)*\{")
"""An object, or a list of them."""
_NAMED = re.compile(r'(?:"|[{,]\s*\w+)\s*:\s*\Z')
"""Text before the value of a key."""

Span: TypeAlias = tuple[int, int]
"""Begin and end."""


_STRETCHES = (1024, 8192, 65536)
"""Lengths that are searched first, so that a long answer is not read to its end for each torn profile."""


@dataclass(frozen=True)
class _Region:
    """A part of the text whose objects are still to be read."""

    start: int
    end: int
    cut: bool = False
    """It is the inside of an object that never closes."""
    depth: int = 0
    """How many wrappers stand around it since the last draw."""


def objects(text: str, keys: Set[str]) -> Iterator[Candidate]:
    """Every object that is meant as a profile, whole, broken or cut off, in their order.

    An object around others, alone (`{"profile": {…}}`), in a list or by name, is a wrapper: what is in it
    is yielded in its place.

    Args:
        keys: the top-level keys of the schema, in lower case.

    >>> [one.text for one in objects('{"people": [{"age": 3}, {"age": 4, "jobs": [{}]}]}', {"age"})]
    ['{"age": 3}', '{"age": 4, "jobs": [{}]}']
    """
    regions = [_Region(0, len(text))]
    while regions:
        region = regions.pop()
        if (candidate := _next(text, region, keys)) is None:
            continue
        start = candidate.start
        regions.append(replace(region, start=candidate.end))
        depth = region.depth + 1
        inner = _wrapped(candidate, keys) if depth <= MAX_DEPTH else []
        if inner and candidate.reason == UNCLOSED:
            regions[-1] = _Region(start + inner[0][0], region.end, True, depth)
            continue
        if inner:
            regions += [_Region(start + begin, start + end, depth=depth) for begin, end in inner[::-1]]
            continue
        broken = candidate.profile is None or region.cut
        if broken and (further := next_profile(candidate.text, keys)):
            regions[-1] = replace(region, start=start + further, depth=0)
            candidate = Candidate(start, torn_text(candidate.text[:further]), None, TORN)
        if candidate.profile is not None or _OBJECT.match(candidate.text):
            yield candidate


def keys_in(text: str) -> set[str]:
    """Words before a colon, in lower case, of an object that may be broken.

    >>> sorted(keys_in('{"Age": 3, coat: "red"'))
    ['age', 'coat']
    """
    return {found[1].lower() for found in KEY.finditer(text)}


def _next(text: str, region: _Region, keys: Set[str]) -> Candidate | None:
    """The region's first object; one that is torn may end with the stretch that shows it."""
    start = text.find("{", region.start, region.end)
    if start < 0:
        return None
    for size in _STRETCHES:
        if start + size < region.end:
            found = next(candidates(text[start : start + size]))
            if found.reason != UNCLOSED or _is_torn(found.text, keys):
                return replace(found, start=start)
    return replace(next(candidates(text[start : region.end])), start=start)


def _is_torn(text: str, keys: Set[str]) -> bool:
    """Whether what begins here is a profile, alone or in a wrapper, and another one begins in it."""
    plain = masked(text)
    members = _members(plain)
    if _own_keys(plain, members) & keys:
        return next_profile(text, keys) is not None
    if len(members) != 1 or plain[members[0][0]] != "{" or members[0][1] < len(text):
        return False
    inside = plain[members[0][0] :]
    own = _own_keys(inside, _members(inside)) & keys
    return bool(own) and next_profile(text[members[0][0] :], keys) is not None


def _wrapped(candidate: Candidate, keys: Set[str]) -> list[Span]:
    """Contents of a wrapper; [] if the object is none, or is a profile in sections.

    It has none of the schema's keys itself; or, if it can be read, fewer than an object in it that has at
    least half of them.
    """
    if candidate.profile is not None and joined(candidate.profile, keys):
        return []
    text = masked(candidate.text)
    members = _members(text)
    if not members:
        return []
    lower = {key.strip().lower() for key in candidate.profile or ()}
    own = (_own_keys(text, members) if candidate.profile is None else lower) & keys
    if own and candidate.profile is None:
        return []
    least = max(len(own) + 1, len(keys) / 2) if own else 1
    inner = [
        (begin, end)
        for begin, end in members
        if (text[begin] == "[" and not own) or len(keys_in(text[begin:end]) & keys) >= least
    ]
    return [(inner[0][0], len(text))] if inner and candidate.reason == UNCLOSED else inner


def _members(text: str) -> list[Span]:
    """The values of the object `text` that are objects or lists of them; the last may be cut off."""
    found: list[Span] = []
    depth, begin = 0, -1
    for token in _tokens(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == 2 and _MEMBER.match(text, token.start()) and _is_value(text, token.start(), found):
                begin = token.start()
        elif token[0] in ("]", "}"):
            depth -= 1
            if depth == 1 and begin >= 0:
                found.append((begin, token.end()))
                begin = -1
    return [*found, (begin, len(text))] if begin >= 0 else found


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Brackets outside of texts; where a text never closes, all brackets behind its mark."""
    for token in _TOKEN.finditer(text):
        if token[1] == "":
            yield from _BRACKET.finditer(text, token.start())
        elif token[1] is None:
            yield token


def _is_value(text: str, start: int, before: list[Span]) -> bool:
    """Whether a key, or a comma and another member, stand right before."""
    if before and not text[before[-1][1] : start].strip(", \n\t"):
        return True
    return _NAMED.search(text, max(start - 200, 0), start) is not None


def _own_keys(text: str, members: list[Span]) -> set[str]:
    """Keys outside the members of an object that cannot be read."""
    ends = [0, *(end for _, end in members)]
    begins = [*(begin for begin, _ in members), len(text)]
    return keys_in(" ".join(text[end:begin] for end, begin in zip(ends, begins, strict=True)))
