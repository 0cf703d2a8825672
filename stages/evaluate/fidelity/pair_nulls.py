"""Two fields' levels together: shares, and those of perfect samplers."""

from functools import lru_cache

import numpy as np

from stages.common.seeds import seed_for
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.chance.nulls import null_counts
from stages.evaluate.fidelity.fitting import joint_excess, with_one_more


def pair_shares(rows: Places, columns: Places, shape: tuple[int, int]) -> Floats:
    """The shares of both fields' levels together: shape `shape`."""
    counts = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return (counts / len(rows)).reshape(shape)


@lru_cache(maxsize=256)
def null_excesses(rows: tuple[int, ...], columns: tuple[int, ...], n: int, **draws: int) -> Floats:
    """The joint excess of n of these people: shape (draws,).

    Arm and reference are samples, so both are drawn anew. A pair that the arm has and the reference lacks
    is no rarity, so the two may not change places. A table that cannot be fitted counts as far away, 1.
    """
    cells, shape = _cells(rows, columns)
    n_levels, seed = shape[0] * shape[1], seed_for(draws["seed"], "reference anew")
    null = null_counts(cells, n_levels, n, draws=draws["draws"], seed=draws["seed"], fixed=True) / n
    reference = null_counts(cells, n_levels, len(cells), draws=draws["draws"], seed=seed, fixed=True)
    reference /= len(cells)
    tables, references = (found.T.reshape(*shape, -1) for found in (null, reference))
    found = joint_excess(tables, with_one_more(references, len(cells)))
    return np.nan_to_num(found, nan=1.0)


def _cells(rows: tuple[int, ...], columns: tuple[int, ...]) -> tuple[Places, tuple[int, int]]:
    """The pair of levels of each person as a code, and how many levels each field has."""
    first, second = (np.unique(codes, return_inverse=True)[1] for codes in (rows, columns))
    shape = int(first.max()) + 1, int(second.max()) + 1
    return first * shape[1] + second, shape
