"""Intervals of measures over pairs, which a bootstrap would get wrong: it draws people twice."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import stdtrit

from stages.evaluate.arrays import Floats, Places

GROUPS = 20
"""At most; every group left out costs one more computation of the measure."""


def jackknife(value: float, left_out: Sequence[float], confidence: float) -> tuple[float, float]:
    """value -+ t se with se^2 = (g - 1) / g * sum of (v_j - mean v)^2, over g groups left out in turn.

    v_j is the measure without group j, and t the quantile of Student's distribution with g - 1
    degrees of freedom (Tukey 1958; groups: Shao & Tu 1995, The Jackknife and Bootstrap, 5.1).

    Raises:
        ValueError: if there are fewer than 2 groups.
    """
    g = len(left_out)
    if g < 2:
        raise ValueError(f"{g} groups; a jackknife needs 2")
    spread = np.asarray(left_out, float) - np.mean(left_out)
    error = np.sqrt((g - 1) / g * np.sum(spread**2)) * stdtrit(g - 1, (1 + confidence) / 2)
    return float(value - error), float(value + error)


def without_groups(measure: Callable[[Floats], float], matrix: Floats, units: Places) -> list[float]:
    """A measure of an (n, n) matrix without each unit of rows and columns; of more than GROUPS, groups.

    Args:
        units: of each row, from 0; rows of one unit leave together.
    """
    group = units % min(int(units.max()) + 1, GROUPS)
    kept = (np.flatnonzero(group != left_out) for left_out in range(group.max() + 1))
    return [measure(matrix[np.ix_(rows, rows)]) for rows in kept]
