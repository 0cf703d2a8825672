"""Total variation: how far apart two distributions over the same levels are."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Shares: TypeAlias = Sequence[float] | NDArray[np.float64]


def total_variation(p: Shares, q: Shares) -> float:
    """Half the sum of |p - q|: the share that would have to move; in [0, 1], symmetric.

    >>> total_variation([0.5, 0.5, 0.0], [0.5, 0.0, 0.5])
    0.5

    Raises:
        ValueError: unless both are probability vectors over the same levels.
    """
    vectors = np.asarray(p, float), np.asarray(q, float)
    if vectors[0].shape != vectors[1].shape or vectors[0].ndim != 1:
        raise ValueError(f"shapes {vectors[0].shape} and {vectors[1].shape} are not aligned")
    if any((v < 0).any() or not np.isclose(v.sum(), 1) for v in vectors):
        raise ValueError("not probabilities: each vector must be >= 0 and sum to 1")
    return min(1.0, float(variations(vectors[0], vectors[1])))


def variations(shares: NDArray[np.float64], reference: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unchecked total variation along the last axis: shapes (..., n_levels) and (n_levels,) give (...)."""
    # rounded: the same counts in another order must tie, not differ in the last bit
    rounded: NDArray[np.float64] = np.round(np.abs(shares - reference).sum(axis=-1) / 2, 12)
    return rounded
