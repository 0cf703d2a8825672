"""Sums of distances within groups, as they are and with the labels shuffled."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_CHUNK = 500
"""Shuffles computed together; bounds memory."""


def within_sums(distance: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum of the distances of all pairs within each group.

    Args:
        distance: symmetric with zeros on the diagonal, shape (n, n).
        labels: the group of every row from 0, shape (..., n).

    Returns:
        shape (..., n_groups), n_groups = the largest label + 1.
    """
    last, sums, rest = int(labels.max()), [], distance.sum(axis=0)
    for group in range(last + 1):
        members = (labels == group).astype(float)
        # all products add up to the column sums: the last one needs no multiplication
        product = rest if group == last else members @ distance
        rest = rest - product
        sums.append((product * members).sum(axis=-1) / 2)
    return np.stack(sums, axis=-1)


def shuffled_sums(
    distance: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    draws: int,
    seed: int,
    blocks: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """`within_sums` of shuffled labels: shape (draws, n_groups).

    Args:
        blocks: labels are shuffled within each block alone, shape (n,).
    """
    rng = np.random.default_rng(seed)
    blocks = np.zeros_like(labels) if blocks is None else blocks
    members = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    sizes = [_CHUNK] * (draws // _CHUNK) + [draws % _CHUNK] * (draws % _CHUNK > 0)
    return np.concatenate([within_sums(distance, _shuffled(labels, members, n, rng)) for n in sizes])


def _shuffled(
    labels: NDArray[np.int64], members: Sequence[NDArray[np.int64]], n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Shape (n, len(labels))."""
    found = np.tile(labels, (n, 1))
    for block in members:
        found[:, block] = rng.permuted(found[:, block], axis=1)
    return found
