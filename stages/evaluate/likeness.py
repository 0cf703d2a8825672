"""Is an arm consistent with itself? Draws of one prompt against draws of different prompts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from stages.common.seeds import seed_for
from stages.evaluate.cells import Cell, Study, by_arm
from stages.evaluate.distance import distances
from stages.evaluate.nulls import null_band, percentile_rank
from stages.evaluate.rows import ALL, NotComputed, Row
from stages.evaluate.shuffling import shuffled_sums, within_sums

MIN_PROMPTS, MIN_DRAWS = 2, 2


@dataclass(frozen=True)
class LikenessRow(Row):
    """likeness.csv; n = profiles parsed. Similarity is 1 - Gower's distance, in the mean of pairs."""

    n: int
    n_used: int
    """All, or a seeded subsample."""
    n_prompts: int
    within: float
    """Similarity of two draws of one prompt."""
    between: float
    """Similarity of two draws of different prompts."""
    difference: float
    """within - between, in [-1, 1]."""
    low: float
    """With high: jackknife interval of the difference over draws."""
    high: float
    band_low: float
    """With band_high: the difference where the prompt makes none (draws shuffled across prompts)."""
    band_high: float
    percentile: float
    """Of `difference` among these, 0 to 100; ties count half."""


def likeness(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """Similarity within and between the prompts of every arm."""
    for arm, of_arm in by_arm(cells).items():
        able = [cell for cell in of_arm if cell.profiles]
        if len(able) < MIN_PROMPTS or all(len(cell.profiles) < MIN_DRAWS for cell in able):
            reason = f"needs {MIN_PROMPTS} prompts with a profile parsed, one of them with {MIN_DRAWS}"
            yield NotComputed(arm, ALL, "likeness", "", reason)
        else:
            yield _row(arm, able, study)


def within_between(distance: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """Mean similarity, 1 - distance, of the pairs within and of those between groups.

    Raises:
        ValueError: unless there are pairs of both kinds.

    >>> within_between(np.array([[0, 0.2, 1], [0.2, 0, 1], [1, 1, 0]]), np.array([0, 0, 1]))
    (0.8, 0.0)
    """
    n_within, n_between = _pairs(labels)
    if not n_within or not n_between:
        raise ValueError("needs a group of 2, and 2 groups")
    sum_within = float(within_sums(distance, labels).sum())
    sum_between = float(distance.sum()) / 2 - sum_within
    return round(1 - sum_within / n_within, 12), round(1 - sum_between / n_between, 12)


def jackknife_interval(
    distance: NDArray[np.float64], labels: NDArray[np.int64], confidence: float
) -> tuple[float, float]:
    """Of within - between, each row left out in turn (Tukey 1958): difference ± t(n - 1) se.

    se^2 = (n - 1) / n · sum (d_i - mean d)^2, cut off at -1 and 1. Rows whose removal leaves no
    pair of a kind stay; if fewer than 2 can go, nothing is known: (-1, 1). Not a bootstrap: a row
    drawn twice would be its own likeness.
    """
    same = labels[:, None] == labels
    in_group, in_all = (distance * same).sum(axis=1), distance.sum(axis=1)
    n_within, n_between = _pairs(labels)
    left_within = n_within - (same.sum(axis=1) - 1)
    left_between = n_between - (~same).sum(axis=1)
    sum_within, sum_all = in_group.sum() / 2, in_all.sum() / 2
    able = (left_within > 0) & (left_between > 0)
    within = (sum_within - in_group)[able] / left_within[able]
    between = (sum_all - sum_within - in_all + in_group)[able] / left_between[able]
    left_out = between - within  # of distances: the difference of similarities
    n = len(left_out)
    if n < 2:
        return -1.0, 1.0
    error = float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))
    middle = float(np.subtract(*within_between(distance, labels)))
    reach = float(stdtrit(n - 1, (1 + confidence) / 2)) * error
    return max(-1.0, middle - reach), min(1.0, middle + reach)


def null_differences(
    distance: NDArray[np.float64], labels: NDArray[np.int64], *, draws: int, seed: int
) -> NDArray[np.float64]:
    """within - between with the labels shuffled: shape (draws,)."""
    n_within, n_between = _pairs(labels)
    sums = shuffled_sums(distance, labels, draws=draws, seed=seed).sum(axis=1)
    rounded: NDArray[np.float64] = np.round((distance.sum() / 2 - sums) / n_between - sums / n_within, 9)
    return rounded


def _row(arm: str, cells: Sequence[Cell], study: Study) -> Row:
    params = study.params
    drawn = [(i, profile) for i, cell in enumerate(cells) for profile in cell.profiles]
    rng = np.random.default_rng(seed_for(params.seed, "likeness rows", arm))
    used = [drawn[i] for i in np.sort(rng.permutation(len(drawn))[: params.max_pairwise])]
    labels = np.array([label for label, _ in used])
    distance = distances([profile for _, profile in used], study.schema, study.ranges)
    within, between = within_between(distance, labels)
    difference = round(within - between, 9)
    null = null_differences(
        distance, labels, draws=params.null_draws, seed=seed_for(params.seed, "likeness", arm)
    )
    return LikenessRow(
        *(arm, ALL, len(drawn), len(used), len(cells), within, between, difference),
        *jackknife_interval(distance, labels, params.confidence),
        *null_band(null, params.confidence),
        percentile_rank(difference, null),
    )


def _pairs(labels: NDArray[np.int64]) -> tuple[int, int]:
    """How many pairs lie within a group, and how many between two."""
    sizes, n = np.bincount(labels), len(labels)
    n_within = int((sizes * (sizes - 1)).sum()) // 2
    return n_within, n * (n - 1) // 2 - n_within
