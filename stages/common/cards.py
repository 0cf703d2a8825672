"""A profile as a card: its fields in the schema's order, and all that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from stages.common.evaluated import EvaluatedProfile
from stages.common.fields import MISSING, get, leaves
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.common.shown import brief, visible

ENDED_WORDS = {
    "eos": "ended by itself",
    "length": "cut off at the token limit",
    "closed": "ended by itself",
    "cut": "stops within the object",
}
MAX_UNKNOWN, MAX_VALUE = 50, 2000
"""Fields on a card that the schema does not know; characters of one value: the raw text is whole."""
_REQUIRED = " is a required property"


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


def remarks_of(read: EvaluatedProfile) -> list[str]:
    """What was repaired, what does not fit the schema, which rules are broken: a line each."""
    broken = [f"breaks the rule {rule}" for rule in read.broken_rules]
    broken += [f"a text contradicts a field: rule {rule}" for rule in read.broken_text_rules]
    lacking = [_lacking(line) for line in read.violations if line.endswith(_REQUIRED)]
    others = [f"does not fit the schema: {line}" for line in read.violations if not line.endswith(_REQUIRED)]
    return [
        *read.notes,
        *([f"lacks what is required: {', '.join(lacking)}"] if lacking else []),
        *others,
        *broken,
    ]


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


def _lacking(line: str) -> str:
    """The field of `job: 'hours' is a required property`."""
    return line.removesuffix(_REQUIRED).partition(": ")[2][1:-1]
