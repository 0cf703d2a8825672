"""A profile as a card: its fields in the schema's order, and all that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from stages.common.evaluated import EvaluatedProfile
from stages.common.fields import MISSING, get, leaves
from stages.common.levels import label
from stages.common.look import VERDICT_SYMBOLS
from stages.common.reasons import reasons_of
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.common.shown import brief, visible
from stages.common.verdicts import VALID, verdict_of

ENDED_WORDS = {
    "eos": "ended by itself",
    "length": "cut off at the token limit",
    "closed": "ended by itself",
    "cut": "stops within the object",
}
MAX_UNKNOWN, MAX_VALUE = 50, 2000
"""Fields on a card that the schema does not know; characters of one value: the raw text is whole."""


@dataclass(frozen=True)
class Fact:
    """A field of a profile's card."""

    path: str
    value: str
    state: Literal["", "null", "missing", "wrong", "unknown"]
    """`wrong`: it does not fit the schema; `unknown`: the schema has no such field."""


def facts_of(profile: Profile, violations: list[str], schema: ProfileSchema) -> list[Fact]:
    """The schema's fields in its order, then what it does not know."""
    wrong = [line.partition(":")[0] for line in violations]
    paths = {one.path for one in schema.all_fields}
    known = [_fact(one.path, get(profile, one.path), _names(wrong, one.path)) for one in schema.fields]
    others = [
        (path, value)
        for path, value in leaves(profile)
        if not any(_names([path], one) for one in paths) and not (value is None and _names(paths, path))
    ]
    unknown = [Fact(visible(brief(path)), _words(value), "unknown") for path, value in others[:MAX_UNKNOWN]]
    if (more := len(others) - MAX_UNKNOWN) > 0:
        unknown.append(Fact(f"… and {more:,} more fields, in the raw text", "", "unknown"))
    return known + unknown


def card_json(
    read: EvaluatedProfile | None, schema: ProfileSchema, text: str, made: str, around: str = ""
) -> dict[str, Any]:
    """A completion as card.js draws it; control characters are shown as marks.

    Args:
        read: None if it was not evaluated.
        made: how long the text is, and how it ended.
        around: what a chat page says beside its profiles.
    """
    facts = facts_of(read.profile, read.violations, schema) if read and read.profile is not None else []
    protected = {field.path for field in schema.by_role("protected")}
    verdict = verdict_of(read) if read else None
    return {
        "verdict": verdict or "not evaluated",
        "symbol": VERDICT_SYMBOLS[verdict] if verdict else "?",
        "valid": verdict in VALID,
        "facts": [vars(fact) | {"protected": fact.path in protected} for fact in facts],
        "reasons": [visible(reason) for reason in reasons_of(read, schema)] if read else [],
        "text": visible(text),
        "made": visible(made),
        "around": visible(around),
    }


def _names(paths: Iterable[str], path: str) -> bool:
    """Whether one of the paths is this one, or lies in it: `jobs.0.title` in `jobs`."""
    return any(one == path or one.startswith(f"{path}.") for one in paths)


def _fact(path: str, value: Any, wrong: bool) -> Fact:
    if value is MISSING:
        return Fact(path, "missing", "missing")
    words = "null" if value is None else _words(value)
    return Fact(path, words, "wrong" if wrong else "null" if value is None else "")


def _words(value: Any) -> str:
    return visible(brief(label(value), MAX_VALUE))
