"""Fields as codes: the level of every profile as a whole number, numbers by the reference's quartiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.common.fields import MISSING, Field, get
from stages.common.levels import Levels, levels_of
from stages.common.records import Profile
from stages.evaluate.cells import Cell
from stages.evaluate.nulls import Numbers
from stages.evaluate.references import is_number

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


def coded(field: Field, cell: Cell) -> Coded:
    """Null, missing and what the schema does not know are levels too."""
    people = cell.reference.profiles
    if field.role == "number":
        edges = quartiles(values_of(field, people))
        codes = (quartile_codes(field, profiles, edges) for profiles in (cell.profiles, people))
        return Coded(field, len(edges) + 4, *codes)
    levels = levels_of(field, people)
    return Coded(field, len(levels.names), level_codes(levels, cell.profiles), level_codes(levels, people))


def level_codes(levels: Levels, profiles: Sequence[Profile]) -> Codes:
    """The place of each profile's level in `levels.names`."""
    place = {name: code for code, name in enumerate(levels.names)}
    return np.array([place[levels.of(profile)] for profile in profiles], np.intp)


def values_of(field: Field, profiles: Sequence[Profile]) -> Numbers:
    """The numbers among a field's values; null, missing and text left out."""
    found = (get(profile, field.path) for profile in profiles)
    return np.array([value for value in found if is_number(value)], float)


def quartiles(values: Numbers) -> Numbers:
    """Up to three edges between bins; fewer where many values are equal."""
    return np.unique(np.quantile(values, [0.25, 0.5, 0.75])) if len(values) else np.array([])


def quartile_codes(field: Field, profiles: Sequence[Profile], edges: Numbers) -> Codes:
    """The bin of each number (values equal to an edge lie below it), then null, missing, other."""
    after = len(edges) + 1

    def code(value: object) -> int:
        if is_number(value):
            return int(np.searchsorted(edges, float(value)))
        return after + (0 if value is None else 1 if value is MISSING else 2)

    return np.array([code(get(profile, field.path)) for profile in profiles], np.intp)
