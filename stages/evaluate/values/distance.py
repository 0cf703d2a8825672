"""How unlike two profiles are, over fields of mixed types (Gower 1971)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.common.fields import get
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.evaluate.arrays import Flags, Floats, Places
from stages.evaluate.values.content import compared, is_whole
from stages.evaluate.values.numbers import number_of, numbers_of

AT_ONCE = 1_000_000
"""Distances in memory at once, where each is needed only once."""


def ranges_of(reference: Sequence[Profile], schema: ProfileSchema) -> dict[str, float]:
    """Largest minus smallest number of the reference, by path of each field of role number; 0 if none."""
    ranges = {}
    for field in schema.by_role("number"):
        numbers = numbers_of(field.path, reference)
        ranges[field.path] = float(numbers.max() - numbers.min()) if len(numbers) else 0.0
    return ranges


def distances(
    profiles: Sequence[Profile],
    schema: ProfileSchema,
    ranges: Mapping[str, float],
    others: Sequence[Profile] | None = None,
) -> Floats:
    """Gower's distance of every profile to every other: the mean, over the compared fields but text, of

    - numbers: |a - b| / range, at most 1 (a range of 0: 1 if they differ);
    - everything else: 0 if equal, 1 if not. A null that the schema allows is a level.

    1 - distance is the similarity (Gower 1971, Biometrics 27:857, with all weights 1).

    Returns:
        shape (n, n), or (n, n_others); in [0, 1], rounded so that ties are ties. NaN for profiles
        (their content) without a valid value in one of the fields: see `compared`.
    """
    gower = Gower(schema, ranges)
    rows = gower.arrays(profiles)
    return gower.between(rows, rows if others is None else gower.arrays(others))


@dataclass(frozen=True)
class Arrays:
    """Profiles as arrays, by which many distances are fast."""

    levels: list[Places]
    """An array per field, shape (n,): a code for every profile, equal for equal values."""
    numbers: list[Floats | None]
    """An array per number field, shape (n,): NaN where there is no number. None for other fields."""
    whole: Flags
    """Whether it has a valid value in every field: shape (n,)."""

    def part(self, rows: slice) -> "Arrays":
        numbers = [None if values is None else values[rows] for values in self.numbers]
        return Arrays([values[rows] for values in self.levels], numbers, self.whole[rows])


class Gower:
    """The distance over one schema, as in `distances`; it compares the arrays that it made itself."""

    def __init__(self, schema: ProfileSchema, ranges: Mapping[str, float]) -> None:
        self._fields = compared(schema)
        if not self._fields:
            raise ValueError("the schema has no fields but text")
        self._widths = [ranges.get(f.path) if f.role == "number" else None for f in self._fields]
        self._codes: list[dict[str, int]] = [{} for _ in self._fields]

    def arrays(self, profiles: Sequence[Profile]) -> Arrays:
        levels, numbers = [], []
        for field, width, codes in zip(self._fields, self._widths, self._codes, strict=True):
            values = [get(profile, field.path) for profile in profiles]
            found = [codes.setdefault(_level(value, width), len(codes)) for value in values]
            levels.append(np.array(found, np.int64))
            numbers.append(np.array([*map(number_of, values)], float) if width else None)
        return Arrays(levels, numbers, np.array([is_whole(one, self._fields) for one in profiles], bool))

    def between(self, rows: Arrays, columns: Arrays) -> Floats:
        """The distance of each row to each column: shape (n_rows, n_columns)."""
        total = np.zeros((len(rows.whole), len(columns.whole)))
        for i, width in enumerate(self._widths):
            total += _of_field(rows, columns, i, width)
        total[~rows.whole] = np.nan
        total[:, ~columns.whole] = np.nan
        return np.round(total / len(self._fields), 12)

    def blocks(
        self, rows: Arrays, columns: Arrays, at_once: int | None = None
    ) -> Iterator[tuple[slice, Floats]]:
        """`between`, some rows at a time, since all pairs of many people would fill the memory."""
        n, most = len(rows.whole), AT_ONCE if at_once is None else at_once
        step = max(1, most // max(1, len(columns.whole)))
        for start in range(0, n, step):
            part = slice(start, start + step)
            yield part, self.between(rows.part(part), columns)


def _of_field(rows: Arrays, columns: Arrays, i: int, width: float | None) -> Floats:
    """The part of one field: shape (n_rows, n_columns). `width` is None where numbers count as labels."""
    differ: Floats = (rows.levels[i][:, None] != columns.levels[i]).astype(float)
    a, b = rows.numbers[i], columns.numbers[i]
    if not width or a is None or b is None:
        return differ
    both = ~np.isnan(a)[:, None] & ~np.isnan(b)
    return np.where(both, np.minimum(np.abs(a[:, None] - b) / width, 1), differ)


def _level(value: Any, width: float | None) -> str:
    """34 and 34.0 are one number."""
    number = None if width is None else number_of(value)
    return label(value if number is None else number)
