"""Choose and shuffle rows at random; sum distances within groups of them."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from stages.evaluate.arrays import Floats, Places
from stages.evaluate.units import n_exchanges

T = TypeVar("T")
_CHUNK = 500
"""Shuffles computed together; bounds memory."""


def some_of(rows: Sequence[T], most: int, *, seed: int) -> list[T]:
    """At most `most` of the rows, chosen at random, in their order."""
    chosen = np.random.default_rng(seed).permutation(len(rows))[:most]
    return [rows[i] for i in np.sort(chosen)]


def within_sums(distance: Floats, labels: Places) -> Floats:
    """Sum of the distances of all pairs within each group: shape (..., n_groups).

    `distance` is symmetric with zeros on the diagonal; `labels`, from 0, have shape (..., n).
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
    distance: Floats,
    labels: Places,
    *,
    draws: int,
    seed: int,
    blocks: Places | None = None,
    units: Places | None = None,
) -> tuple[Floats, Places]:
    """`within_sums` of shuffled labels, and the sizes of the groups; both of shape (draws, n_groups).

    Args:
        blocks: labels are shuffled within each block alone, shape (n,).
        units: rows that keep one label, numbered from 0, shape (n,); each row by itself if None. Groups
            then change their sizes. A unit goes where others stand in the same blocks as it does.
    """
    rng = np.random.default_rng(seed)
    blocks = np.zeros_like(labels) if blocks is None else blocks
    if units is not None:
        labels, blocks = labels_of_units(units, labels), np.array(blocks_of_units(units, blocks))
    members = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    sums, sizes = [], []
    for done in range(0, draws, _CHUNK):
        shuffled = np.tile(labels, (min(_CHUNK, draws - done), 1))
        for block in members:
            shuffled[:, block] = rng.permuted(shuffled[:, block], axis=1)
        if units is not None:
            shuffled = shuffled[:, units]
        sums.append(within_sums(distance, shuffled))
        sizes.append((shuffled[..., None] == np.arange(int(labels.max()) + 1)).sum(axis=1))
    return np.concatenate(sums), np.concatenate(sizes)


def labels_of_units(units: Places, labels: Places) -> Places:
    """The label of each unit: shape (n_units,).

    Raises:
        ValueError: if a unit has rows of two labels.
    """
    found = np.zeros(int(units.max()) + 1, np.int64)
    found[units] = labels
    if (found[units] != labels).any():
        raise ValueError("a conversation is of two groups")
    return found


def blocks_of_units(units: Places, blocks: Places) -> list[int]:
    """A number for each unit, equal where units stand in the same blocks, whatever their size."""
    inside = [tuple(np.unique(blocks[units == unit])) for unit in range(int(units.max()) + 1)]
    numbers = {key: i for i, key in enumerate(sorted({*inside}))}
    return [numbers[key] for key in inside]


def too_few_exchanges(units: Places, labels: Places, blocks: Places, alpha: float) -> str | None:
    """Why exchanging whole conversations cannot give p <= alpha; None if it can."""
    try:
        of_units = labels_of_units(units, labels).tolist()
    except ValueError as error:
        return str(error)
    least = 1 / n_exchanges(of_units, blocks_of_units(units, blocks))
    if least <= alpha:
        return None
    return f"{len(of_units)} conversations, exchanged whole, give p >= {least:.2g}; needs p <= {alpha}"
