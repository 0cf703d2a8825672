"""Turn fields into codes: a whole number for each level; numbers by the reference's quartiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from stages.common.fields import MISSING, Field, get
from stages.common.levels import MISSING_LEVEL, OTHER, levels_of
from stages.common.records import Profile
from stages.evaluate.arrays import Places
from stages.evaluate.values.content import too_few_valid
from stages.evaluate.values.numbers import bin_of, cut_points, numbers_of

NONE = -1
"""The code of a profile without a valid value."""


@dataclass(frozen=True)
class Coded:
    """A field of a cell; codes are from 0 to n_levels - 1, or NONE."""

    field: Field
    n_levels: int
    generated: Places
    """The code of each profile: shape (n_profiles,)."""
    reference: Places
    """The code of each person of the reference: shape (n_people,)."""

    @property
    def written(self) -> Places:
        """Places of the profiles with a valid value: shape (n,)."""
        found: Places = self.generated[self.generated != NONE]
        return found

    @property
    def people(self) -> Places:
        """Places of the people who have the field: shape (n,)."""
        found: Places = self.reference[self.reference != NONE]
        return found

    def lacking(self) -> str | None:
        """Why its content cannot be compared; None if it can."""
        if reason := too_few_valid(len(self.written), len(self.generated)):
            return reason
        return None if self.people.size else "nobody in the reference has the field"


def coded(field: Field, profiles: Sequence[Profile], people: Sequence[Profile]) -> Coded:
    """The codes of an arm's profiles (their content) and of the reference, by the levels of the reference."""
    n_levels, codes = coder(field, people)
    return Coded(field, n_levels, codes(profiles), codes(people))


def coder(field: Field, people: Sequence[Profile]) -> tuple[int, Callable[[Sequence[Profile]], Places]]:
    """How many levels a field has, and a function that gives each profile's code.

    Null, and valid values that `people` lack, are levels too. A number's level is its quarter of `people`.
    """
    if field.role == "number":
        cuts = cut_points(numbers_of(field.path, people))
        n_bins = len(cuts) + 1

        def code(profile: Profile) -> int:
            value = get(profile, field.path)
            if value is MISSING:
                return NONE
            found = bin_of(value, cuts)
            return n_bins + (value is not None) if found is None else found

        return n_bins + 2, lambda profiles: np.array([code(one) for one in profiles], np.intp)
    levels = levels_of(field, people)
    place = {name: i for i, name in enumerate((*levels.known, OTHER))} | {MISSING_LEVEL: NONE}
    return len(levels.known) + 1, lambda some: np.array([place[levels.of(one)] for one in some], np.intp)
