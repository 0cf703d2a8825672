"""Numbers, and numbers as levels: the quarter of people that one falls into, by one rule for every table.

The cut points are the quartiles of the people's numbers (`numpy.quantile`, linear between two
people), equal ones once: where many people share a number there are fewer bins. A number equal to
a cut point lies below it. Where nobody has a number there is one bin.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from stages.common.fields import get
from stages.common.records import Profile
from stages.evaluate.arrays import Floats

QUARTILES = (0.25, 0.5, 0.75)


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


def numbers_of(path: str, profiles: Iterable[Profile]) -> Floats:
    """The numbers among a field's values, all finite; null, missing and text left out."""
    found = (number_of(get(profile, path)) for profile in profiles)
    return np.array([number for number in found if number is not None], float)


def cut_points(numbers: Floats) -> Floats:
    """The quartiles, equal ones once: shape (n_cuts,), rising, n_cuts from 0 to 3.

    >>> cut_points(np.array([0.0, 1.0, 3.0, 3.0, 3.0])).tolist()
    [1.0, 3.0]
    """
    return np.unique(np.quantile(numbers, QUARTILES)) if len(numbers) else np.array([])


def bin_of(value: Any, cuts: Floats) -> int | None:
    """The bin of a value, from 0 to n_cuts; None if the value is no number.

    >>> [bin_of(value, np.array([1.0, 3.0])) for value in (1, 2, 10**400, "2")]
    [0, 1, 2, None]
    """
    number = number_of(value)
    return None if number is None else int(np.searchsorted(cuts, number))
