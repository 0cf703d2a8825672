"""Turn fields into codes: a whole number for each level; numbers by the reference's quartiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stages.common.fields import MISSING, Field, get
from stages.common.levels import MISSING_LEVEL, OTHER, Levels, levels_of
from stages.common.records import Profile
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.values.content import too_few_valid
from stages.evaluate.values.quartiles import bin_of, cut_points, numbers_of

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
    """The codes of a field; null and valid values that the reference lacks are levels too.

    Args:
        profiles: the content of an arm's profiles.
        people: the reference.
    """
    if field.role == "number":
        cuts = cut_points(numbers_of(field.path, people))
        codes = (quartile_codes(field, some, cuts) for some in (profiles, people))
        return Coded(field, len(cuts) + 3, *codes)
    levels = levels_of(field, people)
    codes = (level_codes(levels, some) for some in (profiles, people))
    return Coded(field, len(levels.known) + 1, *codes)


def level_codes(levels: Levels, profiles: Sequence[Profile]) -> Places:
    """The place of each profile's level among the known ones; then other."""
    place = {name: code for code, name in enumerate((*levels.known, OTHER))} | {MISSING_LEVEL: NONE}
    return np.array([place[levels.of(profile)] for profile in profiles], np.intp)


def quartile_codes(field: Field, profiles: Sequence[Profile], cuts: Floats) -> Places:
    """The bin of each number; then null; then other."""
    after = len(cuts) + 1

    def code(value: object) -> int:
        if value is MISSING:
            return NONE
        found = bin_of(value, cuts)
        return after + (value is not None) if found is None else found

    return np.array([code(get(profile, field.path)) for profile in profiles], np.intp)
