"""Permutational analysis of variance: is the distance between groups more than chance?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from stages.evaluate.arrays import Floats, Places
from stages.evaluate.chance.shuffling import shuffled_sums, within_sums
from stages.evaluate.intervals.jackknife import rows_without, turns


@dataclass(frozen=True)
class Permanova:
    """`p` is at least 1 / (n_permutations + 1)."""

    pseudo_f: float
    r2: float
    """Share of the variation that lies between groups, [0, 1]; above 0 by chance alone."""
    left_out_r2: list[float]
    """r2 without each of up to GROUPS groups of rows."""
    p: float
    null_r2: Floats
    """r2 of the shuffles, shape (n_permutations,)."""


def permanova(
    distance: Floats,
    groups: Sequence[int],
    blocks: Sequence[int],
    *,
    n_permutations: int,
    seed: int,
    units: Places | None = None,
) -> Permanova:
    """Permutational analysis of variance of a distance (Anderson 2001, Austral Ecology 26:32).

    SS_total = sum of d^2 over all pairs / N;  SS_within = sum over groups of (sum of d^2 over
    the pairs within / size);  F = ((SS_total - SS_within) / (a - 1)) / (SS_within / (N - a)),
    a = number of groups;  R2 = 1 - SS_within / SS_total;
    p = (1 + shuffles with F at least as large) / (1 + shuffles), shuffled within blocks.

    Groups that differ in spread alone can be found different too.

    Args:
        groups: the group of every row, from 0 and without gaps.
        blocks: labels are exchanged between rows of one block alone.
        units: rows that are exchanged as one, numbered from 0; each row by itself if None. The larger p
            of both ways counts: units of unequal size, exchanged as such, can find too much.

    Raises:
        ValueError: fewer than 2 groups, N = a, no block with two groups, no variation at all or within them.
    """
    _check(groups, blocks)
    labels, squared = np.asarray(groups), distance**2
    n, sizes = len(labels), np.bincount(labels)
    total = round(float(squared.sum()) / 2 / n, 9)
    within = float(_sum_of_squares(within_sums(squared, labels), sizes))
    if total == 0 or within == 0:
        raise ValueError("no variation" if total == 0 else "no variation within a group: F is infinite")
    run = partial(shuffled_sums, squared, labels, draws=n_permutations, seed=seed, blocks=np.asarray(blocks))
    shuffled = _shuffled(run, units, within)
    p = (1 + int(np.count_nonzero(shuffled <= within))) / (1 + n_permutations)
    pseudo_f = (total - within) / (len(sizes) - 1) / (within / (n - len(sizes)))
    left_out = _left_out_r2(squared, labels)
    return Permanova(pseudo_f, (total - within) / total, left_out, p, 1 - shuffled / total)


def _shuffled(run: Callable[..., tuple[Floats, Places]], units: Places | None, within: float) -> Floats:
    """SS_within of the shuffles: of rows or of units, whichever gives the larger p."""
    nulls = [_sum_of_squares(*run(units=one)) for one in ([None] if units is None else [None, units])]
    return max(nulls, key=lambda null: np.count_nonzero(null <= within))


def _left_out_r2(squared: Floats, labels: Places) -> list[float]:
    """R2 without some rows; they leave in turns, one group after the other, so that each keeps a row."""
    turn, found = np.empty(len(labels), np.intp), []
    turn[np.argsort(labels, kind="stable")] = turns(len(labels))
    for kept in rows_without(turn):
        part, of_part = squared[np.ix_(kept, kept)], labels[kept]
        within = float(_sum_of_squares(within_sums(part, of_part), np.bincount(of_part)))
        total = float(part.sum()) / 2 / len(kept)
        found.append(1 - within / total if total else 0.0)
    return found


def _check(groups: Sequence[int], blocks: Sequence[int]) -> None:
    n_groups = len({*groups})
    if n_groups < 2 or len(groups) <= n_groups:
        raise ValueError("needs 2 groups, and a group with 2 rows")
    if len({*zip(groups, blocks, strict=True)}) == len({*blocks}):
        raise ValueError("no block (prompt) holds two groups (sources)")


def _sum_of_squares(sums: Floats, sizes: Places) -> Floats:
    """SS_within: shape (..., n_groups) gives (...). Rounded, so that equal partitions tie."""
    rounded: Floats = np.round((sums / sizes).sum(axis=-1), 9)
    return rounded
