"""Pairs of fields: their shares, and the interval and null of the joint excess."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np

from stages.common.seeds import seed_for
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.fidelity.fitting import joint_excess, with_one_more
from stages.evaluate.intervals.ends import count_interval
from stages.evaluate.values.crossing import Crossing

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


def pair_shares(rows: Places, columns: Places, shape: tuple[int, int]) -> Floats:
    """The shares of both fields' levels together: shape `shape`."""
    counts = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return (counts / len(rows)).reshape(shape)


@lru_cache(maxsize=256)
def null_excesses(people: Crossing, n: int, *, draws: int, seed: int) -> Floats:
    """The joint excess of n of these people: shape (draws,).

    Arm and reference are samples, so both are drawn anew. A pair that the arm has and the reference lacks
    is no rarity, so the two may not change places. A table that cannot be fitted counts as far away, 1.
    """
    anew = people.sampled(people.n, draws=draws, seed=seed_for(seed, "reference anew")) / people.n
    tables, references = (
        np.moveaxis(found, 0, -1) for found in (people.sampled(n, draws=draws, seed=seed) / n, anew)
    )
    return np.nan_to_num(joint_excess(tables, with_one_more(references, people.n)), nan=1.0)


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
