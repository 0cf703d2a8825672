"""Intervals of the distances of a pair of fields from the dataset, where they hold the truth often enough."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from stages.evaluate.chance.nulls import Numbers
from stages.evaluate.fidelity.fitting import joint_excess
from stages.evaluate.intervals.ends import count_interval

Distance = Callable[[Numbers, Numbers], Numbers]
"""Of shares of shape (I, J, m) from a reference of shape (I, J): shape (m,)."""


@dataclass(frozen=True)
class PairCounts:
    """Levels that neither the profiles nor the reference have are left out."""

    profiles: NDArray[np.intp]
    """Shape (I, J)."""
    reference: Numbers
    """Shares, shape (I, J)."""

    @property
    def n(self) -> int:
        return int(self.profiles.sum())


def pair_counts(profiles: NDArray[np.intp], reference: Numbers) -> PairCounts:
    """Of two tables of the same levels."""
    here = (profiles > 0) | (reference > 0)
    kept = np.ix_(here.any(axis=1), here.any(axis=0))
    return PairCounts(profiles[kept], reference[kept])


def pair_variation(shares: Numbers, reference: Numbers) -> Numbers:
    """Total variation: `joint_excess`'s shapes."""
    found: Numbers = np.abs(shares - reference[:, :, None]).sum(axis=(0, 1)) / 2
    return found


MOST_CELLS: dict[Distance, int] = {pair_variation: 8, joint_excess: 16}
"""Up to which simulated arms' intervals held the truth at any n; with more, at n >= cells^2 / 5."""


def unsafe(distance: Distance, pair: PairCounts) -> str | None:
    """Why the interval would hold the truth too seldom; None if it would not."""
    n_cells, needed = pair.profiles.size, ceil(pair.profiles.size**2 / 5)
    if n_cells <= MOST_CELLS[distance] or pair.n >= needed:
        return None
    return f"profiles: {pair.n}, cells: {n_cells}; needs n >= {needed}"


def pair_interval(
    distance: Distance, pair: PairCounts, p: float, *, confidence: float, seed: int
) -> tuple[float, float] | None:
    """Of the distance of the arm's own shares: `count_interval`; low is 0 unless p <= (1 - confidence) / 2.

    None where shares that the profiles make likely have no distance: see `joint_excess`.

    Args:
        p: of a distance as large, if the arm drew from the reference.
    """
    shape, undefined = pair.profiles.shape, list[bool]()

    def of_shares(shares: Numbers) -> Numbers:
        found = distance(shares[:, 0].T.reshape(*shape, -1), pair.reference)
        of_someone = np.isfinite(shares).all(axis=(1, 2))
        undefined.append(bool(np.isnan(found[of_someone]).any()))
        return found

    def of_counts(counts: Numbers) -> Numbers:
        return of_shares(counts / counts.sum(axis=2, keepdims=True))

    counts = pair.profiles.reshape(1, -1).astype(float)
    value = float(of_counts(counts[None])[0])
    low, high = count_interval(value, of_counts, of_shares, counts, confidence=confidence, seed=seed)
    if any(undefined):
        return None
    return max(0.0, low) if p <= (1 - confidence) / 2 else 0.0, min(1.0, high)
