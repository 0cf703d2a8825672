"""Where the profiles of a pasted answer stand: in fences, in a list, in an object around a list, in prose."""

import re
from collections.abc import Iterator, Set
from dataclasses import replace

from stages.common.json_objects import UNCLOSED, Candidate, candidates
from stages.common.records import Profile
from stages.common.strict_json import MAX_DEPTH, decode

TORN = "another object begins before this one closes"

_OBJECT = re.compile(r"""\{\s*(?:["'“‘]|\w+\s*:|//|/\*|\Z)""")
"""A brace and a key, or nothing more; not `{the profile}` and `{…}`."""
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*+"|[\[\]{}]', re.DOTALL)
_OF_OBJECTS = re.compile(r"\[\s*\{")
_NEXT = re.compile(r"(?<![:\s])\s*\{")
"""A brace that is not the value of a key."""


def objects(text: str, keys: Set[str]) -> Iterator[Candidate]:
    """Every object that is meant as a profile, whole, broken or cut off, in their order.

    An object with none of the schema's keys that holds lists of objects is taken for a wrapper:
    what is in its lists is yielded in its place.

    Args:
        keys: the top-level keys of the schema, in lower case.

    >>> [one.text for one in objects('{"people": [{"age": 3}, {"age": 4, "jobs": [{}]}]}', {"age"})]
    ['{"age": 3}', '{"age": 4, "jobs": [{}]}']
    """
    regions = [(0, candidates(text))]
    while regions:
        offset, among = regions[-1]
        if (candidate := next(among, None)) is None:
            regions.pop()
            continue
        start = offset + candidate.start
        if lists := _wrapped(candidate, keys) if len(regions) <= MAX_DEPTH else []:
            regions += [(start + begin, candidates(candidate.text[begin:end])) for begin, end in lists[::-1]]
        elif further := _further(candidate, keys):
            regions[-1] = (start + further, candidates(candidate.text[further:]))
            torn = candidate.text[: candidate.text.rfind("}", 0, further) + 1 or further].rstrip()
            candidate = Candidate(start, torn, None, TORN)
        if not lists and (candidate.profile is not None or _OBJECT.match(candidate.text)):
            yield replace(candidate, start=start)


def _wrapped(candidate: Candidate, keys: Set[str]) -> list[tuple[int, int]]:
    """Begin and end of the lists of objects in a wrapper; [] if it is none."""
    lists = _lists(candidate.text)
    if not lists or _own_keys(candidate, lists) & keys:
        return []
    return [(lists[0][0], len(candidate.text))] if candidate.reason == UNCLOSED else lists


def _lists(text: str) -> list[tuple[int, int]]:
    """Begin and end of each list of objects that is a value of the object `text`; the last may be cut off."""
    found, depth, begin = [], 0, -1
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == 2 and _OF_OBJECTS.match(text, token.start()):
                begin = token.start()
        elif token[0] in ("]", "}"):
            depth -= 1
            if depth == 1 and begin >= 0:
                found.append((begin, token.end()))
                begin = -1
    return [*found, (begin, len(text))] if begin >= 0 else found


def _own_keys(candidate: Candidate, lists: list[tuple[int, int]]) -> set[str]:
    """In lower case; of an object that cannot be read, all words outside of its lists with a colon behind."""
    if candidate.profile is not None:
        return _lower(candidate.profile)
    ends = [0, *(end for _, end in lists)]
    begins = [*(begin for begin, _ in lists), len(candidate.text)]
    outside = " ".join(candidate.text[end:begin] for end, begin in zip(ends, begins, strict=True))
    return {key.lower() for key in re.findall(r"""([^\s"'“”‘’{},:]+)["'”’]?\s*:""", outside)}


def _further(candidate: Candidate, keys: Set[str]) -> int | None:
    """Where, in an object that never closes, another profile begins: a quotation mark too many hid it.

    It can be read and has at least half of the schema's keys, so that it is none of the object's own parts.
    """
    if candidate.reason != UNCLOSED:
        return None
    for brace in _NEXT.finditer(candidate.text, 1):
        position = brace.end() - 1
        try:
            profile, _ = decode(candidate.text, position)
        except ValueError:
            continue
        if 2 * len(_lower(profile) & keys) >= len(keys):
            return position
    return None


def _lower(profile: Profile) -> set[str]:
    return {key.lower() for key in profile}
