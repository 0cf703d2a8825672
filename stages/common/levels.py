"""The levels of a field: their labels, and how often each occurs among profiles."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stages.common.fields import MISSING, Field, canonical, get
from stages.common.records import Profile

NULL, MISSING_LEVEL, OTHER = "(null)", "(missing)", "(other)"
_EXACT = 2**53  # from here on, floats skip whole numbers


@dataclass(frozen=True)
class Levels:
    """The levels a field can have; omission and values outside the schema are levels too."""

    path: str
    known: tuple[str, ...]
    """Labels of the field's own levels; null is one where the schema allows it."""

    @property
    def names(self) -> list[str]:
        return [*self.known, MISSING_LEVEL, OTHER]

    def of(self, profile: Profile) -> str:
        found = label(get(profile, self.path))
        return found if found in self.names else OTHER

    def shares(self, profiles: Sequence[Profile]) -> NDArray[np.float64]:
        """Shape (len(names),); sums to 1. `profiles` must not be empty."""
        counts = Counter(self.of(profile) for profile in profiles)
        return np.array([counts[name] for name in self.names]) / len(profiles)


def levels_of(field: Field, reference: Iterable[Profile]) -> Levels:
    """The levels that the schema names; where it names none, those of the reference."""
    if field.levels:
        known = [label(level) for level in field.levels]
    elif set(field.types) - {"null"} == {"boolean"}:
        known = [label(True), label(False)]
    else:
        known = sorted({label(get(profile, field.path)) for profile in reference} - {NULL, MISSING_LEVEL})
    return Levels(field.path, (*known, *([NULL] if field.nullable else [])))


def label(value: Any) -> str:
    """A value's name in tables and figures; no two values share one.

    Text stands without quotes, unless it would then read as another value. A whole number is one
    value, however it is written.

    >>> [label(value) for value in ("red", None, "null", 1, 1.0, "1", MISSING)]
    ['red', '(null)', '"null"', '1', '1', '"1"', '(missing)']
    """
    if value is MISSING:
        return MISSING_LEVEL
    if value is None:
        return NULL
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    return value if isinstance(value, str) and not _reads_as_another(value) else canonical(value)


@lru_cache(maxsize=4096)
def _reads_as_another(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text in (NULL, MISSING_LEVEL, OTHER)
    return True
