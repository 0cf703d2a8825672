"""The jackknife: how far off a measure is, from what it is without each part (Tukey 1958).

A bootstrap would get measures over pairs wrong: it draws people twice.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import scipy

from stages.evaluate.arrays import Floats, Places

GROUPS = 20
"""The most groups; every group left out costs one more computation of the measure."""


def jackknife_variance(left_out: Sequence[float] | Floats, times: Floats | None = None) -> float:
    """(n - 1) / n * sum of (v_j - mean v)^2, with v_j the measure without part j of n.

    `times`: how many parts each value stands for; one each if None.

    >>> jackknife_variance([1.0, 2.0, 3.0]) == jackknife_variance([1.0, 2.0, 3.0], np.ones(3))
    True
    """
    values = np.asarray(left_out, float)
    times = np.ones(len(values)) if times is None else times
    n = times.sum()
    spread = values - (times * values).sum() / n
    return float((n - 1) / n * (times * spread**2).sum())


def jackknife(value: float, left_out: Sequence[float] | Floats, confidence: float) -> tuple[float, float]:
    """value -+ t se, with se^2 = `jackknife_variance` over g parts that were left out in turn.

    t is the quantile of Student's distribution with g - 1 degrees of freedom (parts that are groups:
    Shao & Tu 1995, The Jackknife and Bootstrap, 5.1).
    """
    g = len(left_out)
    if g < 2:
        raise ValueError(f"{g} groups; a jackknife needs 2")
    reach = np.sqrt(jackknife_variance(left_out)) * scipy.special.stdtrit(g - 1, (1 + confidence) / 2)
    return float(value - reach), float(value + reach)


def explained_interval(
    value: float, left_out: Sequence[float], p: float, confidence: float
) -> tuple[float, float]:
    """The interval of a share of variation (R2 of sources, partial eta2 of effects).

    It is the jackknife's around g value - (g - 1) mean of `left_out`, since such a share is too large in
    the mean at small n, and g leave-outs say by how much (Quenouille 1956). It is widened to hold what is
    possible. A share is never 0, even if there is no effect: so low is 0 unless the permutation test
    rejects, p <= (1 - confidence) / 2. The value is always inside.
    """
    g = len(left_out)
    low, high = jackknife(g * value - (g - 1) * float(np.mean(left_out)), left_out, confidence)
    inside = p <= (1 - confidence) / 2
    return max(0.0, min(low, value)) if inside else 0.0, min(1.0, max(high, value))


def turns(n: int) -> Places:
    """The group in which each of n rows is left out: shape (n,); neighbors are in different ones.

    >>> turns(3).tolist()
    [0, 1, 2]
    """
    return np.arange(n) % min(n, GROUPS)


def rows_without(groups: Places) -> Iterator[Places]:
    """The rows that stay when each group, numbered from 0, is left out in turn.

    >>> [rows.tolist() for rows in rows_without(np.array([0, 1, 0]))]
    [[1], [0, 2]]
    """
    return (np.flatnonzero(groups != left_out) for left_out in range(int(groups.max()) + 1))


def without_groups(measure: Callable[[Floats], float], matrix: Floats, units: Places) -> list[float]:
    """A measure of an (n, n) matrix without each unit of rows and columns, or each of GROUPS groups."""
    groups = turns(int(units.max()) + 1)[units]
    return [measure(matrix[np.ix_(rows, rows)]) for rows in rows_without(groups)]
