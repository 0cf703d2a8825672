"""The profile in a completion: strict, repaired, invalid, refused or empty, and why."""

from collections.abc import Set
from dataclasses import dataclass

from stages.common.evaluated import Status
from stages.common.json_objects import UNCLOSED, Candidate, candidates, joined
from stages.common.records import Profile
from stages.common.verdicts import AROUND, FIRST_TAKEN
from stages.evaluate.reading.refusals import refusal
from stages.evaluate.reading.repair import repair

JOINED = "sections joined into one profile"
MAX_BROKEN = 100
"""Broken objects of one text whose repair is tried."""


@dataclass(frozen=True)
class Parsed:
    """What became of a text; `profile` is None exactly if it is invalid, refused or empty."""

    status: Status
    profile: Profile | None
    notes: tuple[str, ...] = ()


def parse(text: str, keys: Set[str] = frozenset()) -> Parsed:
    """The first object of a text that can be read without losing a word, or changing one of the keys.

    `keys` are the top-level ones of the schema, in lower case.

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
    n_broken = 0
    for candidate in found:
        n_broken += candidate.profile is None
        if candidate.profile is None and n_broken > MAX_BROKEN:
            continue
        profile, done = _read(candidate, keys)
        notes += done
        if profile is not None:
            notes += [f"{len(found)} {FIRST_TAKEN}"] if len(found) > 1 else []
            notes += [AROUND] if text.strip() != candidate.text else []
            return Parsed("repaired" if notes else "strict", profile, tuple(notes))
    if n_broken > MAX_BROKEN:
        notes.append(f"{n_broken - MAX_BROKEN:,} more objects that are not JSON")
    return Parsed("invalid", None, tuple(notes or ["no JSON object"]))


def _read(candidate: Candidate, keys: Set[str]) -> tuple[Profile | None, list[str]]:
    if candidate.profile is not None:
        whole = joined(candidate.profile, keys)
        return (whole, [JOINED]) if whole else (candidate.profile, [])
    if candidate.reason == UNCLOSED:
        return None, [UNCLOSED]
    try:
        profile, steps = repair(candidate.text, keys)
    except ValueError as error:
        return None, [f"not JSON: {candidate.reason}", str(error)]
    return profile, [f"not JSON: {candidate.reason}", *steps]
