"""The levels of a field, and how often each occurs among profiles."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stages.common.prompts import in_words
from stages.common.records import Profile
from stages.common.schema import MISSING, Field, get
from stages.evaluate.strict import canonical

NULL, MISSING_LEVEL, OTHER = "(null)", "(missing)", "(other)"


@dataclass(frozen=True)
class Levels:
    """The levels a field can have; omission and values outside the schema are levels too."""

    path: str
    labels: dict[str, str]
    """Label by canonical value."""

    @property
    def names(self) -> list[str]:
        return [*self.labels.values(), MISSING_LEVEL, OTHER]

    def of(self, profile: Profile) -> str:
        value = get(profile, self.path)
        return MISSING_LEVEL if value is MISSING else self.labels.get(canonical(value), OTHER)

    def shares(self, profiles: Sequence[Profile]) -> NDArray[np.float64]:
        """Shape (len(names),); sums to 1. `profiles` must not be empty."""
        counts = Counter(self.of(profile) for profile in profiles)
        return np.array([counts[name] for name in self.names]) / len(profiles)


def levels_of(field: Field, reference: Iterable[Profile]) -> Levels:
    """The levels that the schema names; where it names none, those of the reference."""
    if field.levels:
        values = list(field.levels)
    elif set(field.types) - {"null"} == {"boolean"}:
        values = [True, False]
    else:
        seen = {canonical(v): v for v in (get(p, field.path) for p in reference) if v not in (MISSING, None)}
        values = [seen[key] for key in sorted(seen)]
    labels = _labels(values) | ({canonical(None): NULL} if field.nullable else {})
    return Levels(field.path, labels)


def _labels(values: list[Any]) -> dict[str, str]:
    """Plain words; as JSON if two values, or one of our own levels, would share them."""
    words = [in_words(value) for value in values]
    plain = len({*words, NULL, MISSING_LEVEL, OTHER}) == len(words) + 3
    return {canonical(v): word if plain else canonical(v) for v, word in zip(values, words, strict=True)}
