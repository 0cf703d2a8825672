"""How unlike two profiles are, over fields of mixed types (Gower 1971)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stages.common.fields import get
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.evaluate.values.content import compared, is_whole

_LARGEST = 1e100
"""JSON has no largest number; beyond this one, differences no longer matter."""


def number_of(value: Any) -> float | None:
    """The value as a finite float; None if it is no number.

    >>> number_of(34), number_of("34"), number_of(True)
    (34.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(min(max(value, -_LARGEST), _LARGEST))


def ranges_of(reference: Iterable[Profile], schema: ProfileSchema) -> dict[str, float]:
    """Largest minus smallest number of the reference, by path of each field of role number; 0 if none."""
    reference, ranges = list(reference), {}
    for field in schema.by_role("number"):
        values = [number_of(get(profile, field.path)) for profile in reference]
        numbers = [value for value in values if value is not None]
        ranges[field.path] = max(numbers) - min(numbers) if numbers else 0.0
    return ranges


def distances(
    profiles: Sequence[Profile],
    schema: ProfileSchema,
    ranges: Mapping[str, float],
    others: Sequence[Profile] | None = None,
) -> NDArray[np.float64]:
    """Gower's distance of every profile to every other: the mean, over the compared fields but text, of

    - numbers: |a - b| / range, at most 1 (a range of 0: 1 if they differ);
    - everything else: 0 if equal, 1 if not. A null that the schema allows is a level.

    1 - distance is the similarity (Gower 1971, Biometrics 27:857, with all weights 1). It is undefined
    for a profile without a valid value in one of the fields: see `compared`.

    Args:
        profiles: their content.
        ranges: by path, as `ranges_of` gives them; the same for all that is compared.
        others: the columns, if they are not the profiles themselves.

    Returns:
        shape (n, n), symmetric with zeros on the diagonal; with `others`, shape (n, n_others).
        In [0, 1], rounded to 12 digits so that ties are ties; NaN where it is undefined.

    Raises:
        ValueError: if the schema has no fields but text.
    """
    fields = compared(schema)
    if not fields:
        raise ValueError("the schema has no fields but text")
    columns = profiles if others is None else others
    total = np.zeros((len(profiles), len(columns)))
    for field in fields:
        first = [get(profile, field.path) for profile in profiles]
        second = first if others is None else [get(profile, field.path) for profile in columns]
        total += _of_field(first, second, ranges.get(field.path) if field.role == "number" else None)
    total[[not is_whole(one, fields) for one in profiles]] = np.nan
    total[:, [not is_whole(one, fields) for one in columns]] = np.nan
    rounded: NDArray[np.float64] = np.round(total / len(fields), 12)
    return rounded


def _of_field(first: list[Any], second: list[Any], width: float | None) -> NDArray[np.float64]:
    """Shape (len(first), len(second)); `width` is None where numbers are but labels."""
    codes: dict[str, int] = {}
    rows, columns = (
        np.array([codes.setdefault(_level(value, width), len(codes)) for value in values], int)
        for values in (first, second)
    )
    differ: NDArray[np.float64] = (rows[:, None] != columns).astype(float)
    if not width:
        return differ
    a, b = _numbers(first), _numbers(second)
    both = ~np.isnan(a)[:, None] & ~np.isnan(b)
    found: NDArray[np.float64] = np.where(both, np.minimum(np.abs(a[:, None] - b) / width, 1), differ)
    return found


def _level(value: Any, width: float | None) -> str:
    """34 and 34.0 are one number."""
    number = None if width is None else number_of(value)
    return label(value if number is None else number)


def _numbers(values: list[Any]) -> NDArray[np.float64]:
    """Shape (len(values),); NaN where there is no number."""
    found = [number_of(value) for value in values]
    return np.array([np.nan if number is None else number for number in found])
