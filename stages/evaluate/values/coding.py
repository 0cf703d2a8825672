"""Fields as codes: the level of every profile as a whole number, numbers by the reference's quartiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.common.fields import MISSING, Field, get
from stages.common.levels import Levels, levels_of
from stages.common.records import Profile
from stages.evaluate.cells import Cell
from stages.evaluate.chance.nulls import Numbers
from stages.evaluate.values.quartiles import bin_of, cut_points, numbers_of

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Coded:
    """A field of a cell; codes are from 0 to n_levels - 1."""

    field: Field
    n_levels: int
    generated: Codes
    """Shape (n_profiles,)."""
    reference: Codes
    """Shape (n_people,)."""

    @property
    def missing(self) -> int:
        """The code of profiles without the field."""
        return self.n_levels - 2


def coded(field: Field, cell: Cell) -> Coded:
    """Null, missing and what the schema does not know are levels too."""
    people = cell.reference.profiles
    if field.role == "number":
        cuts = cut_points(numbers_of(field.path, people))
        codes = (quartile_codes(field, profiles, cuts) for profiles in (cell.profiles, people))
        return Coded(field, len(cuts) + 4, *codes)
    levels = levels_of(field, people)
    return Coded(field, len(levels.names), level_codes(levels, cell.profiles), level_codes(levels, people))


def level_codes(levels: Levels, profiles: Sequence[Profile]) -> Codes:
    """The place of each profile's level in `levels.names`, of which the last two are missing and other."""
    place = {name: code for code, name in enumerate(levels.names)}
    return np.array([place[levels.of(profile)] for profile in profiles], np.intp)


def quartile_codes(field: Field, profiles: Sequence[Profile], cuts: Numbers) -> Codes:
    """The bin of each number, then null, missing, other."""
    after = len(cuts) + 1

    def code(value: object) -> int:
        found = bin_of(value, cuts)
        return after + (0 if value is None else 1 if value is MISSING else 2) if found is None else found

    return np.array([code(get(profile, field.path)) for profile in profiles], np.intp)
