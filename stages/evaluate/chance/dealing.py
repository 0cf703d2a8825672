"""Exchange values within blocks: sums over groups, without a row for every value."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import scipy

from stages.evaluate.arrays import Floats, Places

CHUNK = 2_000_000
"""Counts of permutations that are held at once."""


def exchanged(rest: Floats, cells: Sequence[tuple[str, ...]], *, draws: int, seed: int) -> Floats:
    """Sums over each cell of values that are exchanged within blocks: shape (draws, n_cells, k).

    Only how many of each different value a cell gets makes a difference: a random table with the
    margins of the block's (Patefield 1981). So time and memory hardly grow with n.

    `rest` has shape (n, k); `cells` are those of its rows, the block first, sorted.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for _, places in groupby(range(len(cells)), key=lambda i: cells[i][0]):
        block = list(places)
        sizes = np.unique([cells[i] for i in block], axis=0, return_counts=True)[1]
        kinds, counts = np.unique(rest[block].round(12), axis=0, return_counts=True)
        step = max(1, CHUNK // (len(kinds) * len(sizes)))
        steps = [min(step, draws - done) for done in range(0, draws, step)]
        dealt = (_dealt(counts, sizes, n, rng) for n in steps)
        parts.append(np.concatenate([np.einsum("dtc,tk->dck", tables, kinds) for tables in dealt]))
    return np.concatenate(parts, axis=1)


def starts_of(cells: Sequence[tuple[str, ...]]) -> list[int]:
    """Where a new cell begins; equal ones stand together."""
    return [i for i, cell in enumerate(cells) if i == 0 or cell != cells[i - 1]]


def _dealt(counts: Places, sizes: Places, draws: int, rng: np.random.Generator) -> Floats:
    """Random tables with these margins: shape (draws, n_kinds, n_cells)."""
    if min(len(counts), len(sizes)) == 1:  # there is one such table; scipy 1.17 fills it with nonsense
        return np.broadcast_to(np.outer(counts, sizes) / sizes.sum(), (draws, len(counts), len(sizes)))
    return scipy.stats.random_table(counts, sizes).rvs(draws, random_state=rng).astype(float)
