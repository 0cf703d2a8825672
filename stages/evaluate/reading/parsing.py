"""The profile in a completion: strict, repaired, invalid, refused or empty, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.evaluated import Status
from stages.common.records import Profile
from stages.evaluate.reading.refusals import refusal
from stages.evaluate.reading.repair import repair
from stages.evaluate.reading.strict import decode

AROUND = "text around the object"
UNCLOSED = "the object never closes"

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*+"|["{}]', re.DOTALL)


@dataclass(frozen=True)
class Parsed:
    """What became of a text; `profile` is None exactly if it is invalid, refused or empty."""

    status: Status
    profile: Profile | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A stretch of text that may be an object: strictly read, or with the reason why not."""

    text: str
    profile: Profile | None
    reason: str | None


def parse(text: str) -> Parsed:
    """The first object of a text that can be read without losing a word of it.

    >>> parse('{"age": 34}').status, parse('Sure: {"age": 34}').status
    ('strict', 'repaired')
    >>> parse('{"age": 3')
    Parsed(status='invalid', profile=None, notes=('the object never closes',))
    """
    if not text.strip():
        return Parsed("empty", None)
    found = list(candidates(text))
    if not found and (words := refusal(text)):
        return Parsed("refused", None, (f"refuses: {words}",))
    notes: list[str] = []
    for candidate in found:
        profile, done = _read(candidate)
        notes += done
        if profile is not None:
            notes += _surroundings(text, candidate, len(found))
            return Parsed("repaired" if notes else "strict", profile, tuple(notes))
    return Parsed("invalid", None, tuple(notes or ["no JSON object"]))


def candidates(text: str) -> Iterator[Candidate]:
    """Objects that stand in no other object, in their order; the last may be cut off."""
    start = text.find("{")
    while start >= 0:
        try:
            profile, end = decode(text, start)
            yield Candidate(text[start:end], profile, None)
        except ValueError as error:
            closed = _closing(text, start)
            if closed is None:
                yield Candidate(text[start:], None, UNCLOSED)
                return
            end = closed
            yield Candidate(text[start:end], None, str(error))
        start = text.find("{", end)


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


def _read(candidate: Candidate) -> tuple[Profile | None, list[str]]:
    if candidate.profile is not None:
        return candidate.profile, []
    if candidate.reason == UNCLOSED:
        return None, [UNCLOSED]
    try:
        profile, steps = repair(candidate.text)
    except ValueError as error:
        return None, [f"not JSON: {candidate.reason}", str(error)]
    return profile, [f"not JSON: {candidate.reason}", *steps]


def _surroundings(text: str, candidate: Candidate, n_candidates: int) -> list[str]:
    notes = [f"{n_candidates} objects; the first readable one is taken"] if n_candidates > 1 else []
    return notes + ([AROUND] if text.strip() != candidate.text else [])
