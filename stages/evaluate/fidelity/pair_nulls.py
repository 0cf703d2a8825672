"""Two fields' levels together: shares, and those of perfect samplers."""

from functools import lru_cache

import numpy as np

from stages.common.variation import variations
from stages.evaluate.chance.nulls import Numbers, null_counts
from stages.evaluate.fidelity.fitting import joint_excess
from stages.evaluate.values.coding import Codes


def pair_shares(rows: Codes, columns: Codes, shape: tuple[int, int]) -> Numbers:
    """Of both fields' levels together: shape `shape`."""
    counts = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return (counts / len(rows)).reshape(shape)


@lru_cache(maxsize=256)
def null_variations(rows: tuple[int, ...], columns: tuple[int, ...], n: int, **draws: int) -> Numbers:
    """Total variation of perfect samplers; arms with the same reference and n share it."""
    null, reference = _null_tables(rows, columns, n, **draws)
    return variations(null.reshape(reference.size, -1).T, reference.ravel())


@lru_cache(maxsize=256)
def null_excesses(rows: tuple[int, ...], columns: tuple[int, ...], n: int, **draws: int) -> Numbers:
    return joint_excess(*_null_tables(rows, columns, n, **draws))


@lru_cache(maxsize=1)
def _null_tables(
    rows: tuple[int, ...], columns: tuple[int, ...], n: int, **draws: int
) -> tuple[Numbers, Numbers]:
    """Shares of perfect samplers, shape (I, J, draws), and of the reference, whose levels they never leave.

    Args:
        rows, columns: shape (n_people,), the levels of the people.
    """
    first, second = (np.unique(codes, return_inverse=True)[1] for codes in (rows, columns))
    reference = pair_shares(first, second, (int(first.max()) + 1, int(second.max()) + 1))
    cells = first * reference.shape[1] + second
    null = null_counts(cells, reference.size, n, draws=draws["draws"], seed=draws["seed"]) / n
    return null.T.reshape(*reference.shape, -1), reference
