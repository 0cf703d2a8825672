"""Fields as codes: the level of every profile as a whole number, numbers by the reference's quartiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.common.fields import MISSING, Field, get
from stages.common.levels import MISSING_LEVEL, OTHER, Levels, levels_of
from stages.common.records import Profile
from stages.evaluate.cells import Cell
from stages.evaluate.chance.nulls import Numbers
from stages.evaluate.values.content import too_few_valid
from stages.evaluate.values.quartiles import bin_of, cut_points, numbers_of

Codes = NDArray[np.intp]
NONE = -1
"""The code of a profile without a valid value."""


@dataclass(frozen=True)
class Coded:
    """A field of a cell; codes are from 0 to n_levels - 1, or NONE."""

    field: Field
    n_levels: int
    generated: Codes
    """Shape (n_profiles,)."""
    reference: Codes
    """Shape (n_people,)."""

    @property
    def written(self) -> Codes:
        """Codes of the profiles with a valid value: shape (n,)."""
        found: Codes = self.generated[self.generated != NONE]
        return found

    @property
    def people(self) -> Codes:
        """Codes of the people who have the field: shape (n,)."""
        found: Codes = self.reference[self.reference != NONE]
        return found

    def lacking(self) -> str | None:
        """Why its content cannot be compared; None if it can."""
        if reason := too_few_valid(len(self.written), len(self.generated)):
            return reason
        return None if self.people.size else "nobody in the reference has the field"


def coded(field: Field, cell: Cell) -> Coded:
    """Null and values that the schema allows but the reference lacks are levels too."""
    people = cell.reference.profiles
    if field.role == "number":
        cuts = cut_points(numbers_of(field.path, people))
        codes = (quartile_codes(field, profiles, cuts) for profiles in (cell.content, people))
        return Coded(field, len(cuts) + 3, *codes)
    levels = levels_of(field, people)
    codes = (level_codes(levels, profiles) for profiles in (cell.content, people))
    return Coded(field, len(levels.known) + 1, *codes)


def level_codes(levels: Levels, profiles: Sequence[Profile]) -> Codes:
    """The place of each profile's level among the known ones; then other."""
    place = {name: code for code, name in enumerate((*levels.known, OTHER))} | {MISSING_LEVEL: NONE}
    return np.array([place[levels.of(profile)] for profile in profiles], np.intp)


def quartile_codes(field: Field, profiles: Sequence[Profile], cuts: Numbers) -> Codes:
    """The bin of each number, then null, other."""
    after = len(cuts) + 1

    def code(value: object) -> int:
        if value is MISSING:
            return NONE
        found = bin_of(value, cuts)
        return after + (value is not None) if found is None else found

    return np.array([code(get(profile, field.path)) for profile in profiles], np.intp)
