"""Intervals of the joint excess of a pair of fields, where they hold the truth often enough."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from stages.evaluate.arrays import Floats, Places
from stages.evaluate.fidelity.fitting import joint_excess
from stages.evaluate.intervals.ends import count_interval

MOST_CELLS = 16
"""Cells up to which simulated arms' intervals held the truth at any n; with more, at n >= cells^2 / 5."""


@dataclass(frozen=True)
class PairCounts:
    """The levels of two fields together, without those that neither the profiles nor the reference have."""

    profiles: Places
    """Counts, shape (I, J)."""
    reference: Floats
    """Shares, shape (I, J)."""

    @property
    def n(self) -> int:
        return int(self.profiles.sum())


def pair_counts(profiles: Places, reference: Floats) -> PairCounts:
    """Two tables of the same levels without those that neither has."""
    here = (profiles > 0) | (reference > 0)
    kept = np.ix_(here.any(axis=1), here.any(axis=0))
    return PairCounts(profiles[kept], reference[kept])


def unsafe(pair: PairCounts) -> str | None:
    """Why the interval would hold the truth too seldom; None if it would not."""
    n_cells, needed = pair.profiles.size, ceil(pair.profiles.size**2 / 5)
    if n_cells <= MOST_CELLS or pair.n >= needed:
        return None
    return f"profiles: {pair.n}, cells: {n_cells}; needs n >= {needed}"


def pair_interval(pair: PairCounts, p: float, *, confidence: float, seed: int) -> tuple[float, float] | None:
    """`count_interval` of the excess of the arm's own shares; low is 0 unless p <= (1 - confidence) / 2.

    None where shares that the profiles make likely have no excess: see `joint_excess`.

    Args:
        p: probability of an excess as large, if the arm drew from the reference.
    """
    shape, undefined = pair.profiles.shape, list[bool]()

    def of_shares(shares: Floats) -> Floats:
        found = joint_excess(shares[:, 0].T.reshape(*shape, -1), pair.reference)
        of_someone = np.isfinite(shares).all(axis=(1, 2))
        undefined.append(bool(np.isnan(found[of_someone]).any()))
        return found

    def of_counts(counts: Floats) -> Floats:
        return of_shares(counts / counts.sum(axis=2, keepdims=True))

    counts = pair.profiles.reshape(1, -1).astype(float)
    value = float(of_counts(counts[None])[0])
    low, high = count_interval(value, of_counts, of_shares, counts, confidence=confidence, seed=seed)
    if any(undefined):
        return None
    return max(0.0, low) if p <= (1 - confidence) / 2 else 0.0, min(1.0, high)
