"""How varied are perfect samplers of a reference? Nulls of the measures of variety."""

from collections.abc import Sequence

import numpy as np

from stages.evaluate.diversity import vendi_scores
from stages.evaluate.nulls import Numbers, null_counts, perfect_samplers
from stages.evaluate.params import EvaluateParams

FEWEST, WORK = 100, 2_000_000
"""Vendi scores take n^3 steps each: there are WORK / n^2 of them, at least FEWEST."""

_AT_ONCE = 500_000
"""Similarities in memory."""


def mean_distance(similarity: Numbers) -> float:
    """The mean of 1 - similarity over all pairs of two different rows; rounded, so that ties are ties."""
    n = len(similarity)
    return round(float((1 - similarity).sum() / (n * (n - 1))), 9)


def null_distinct(partition: Sequence[str], n: int, params: EvaluateParams) -> Numbers:
    """Distinct labels among n people: shape (null_draws,); `partition`: the label of each person."""
    names, codes = np.unique(np.array(partition), return_inverse=True)
    counts = null_counts(codes, len(names), n, draws=params.null_draws, seed=params.seed)
    return np.asarray(np.count_nonzero(counts, axis=1), float)


def null_mean_distances(similarity: Numbers, n: int, params: EvaluateParams) -> Numbers:
    """Mean distance of n people: shape (null_draws,); `similarity` of all people, shape (N, N)."""
    drawn = perfect_samplers(len(similarity), n, draws=params.null_draws, seed=params.seed)
    totals = np.einsum("di,di->d", drawn @ (1 - similarity), drawn)
    return np.asarray(np.round(totals / (n * (n - 1)), 9))


def null_vendi_scores(similarity: Numbers, n: int, params: EvaluateParams) -> Numbers:
    """Vendi score of n people: shape (n_draws,), of the first n_draws of the same samplers."""
    drawn = perfect_samplers(len(similarity), n, draws=params.null_draws, seed=params.seed)
    n_draws = min(params.null_draws, max(FEWEST, WORK // n**2))
    everyone = np.arange(len(similarity))
    people = np.array([np.repeat(everyone, counts.astype(int)) for counts in drawn[:n_draws]])
    parts = np.array_split(people, max(1, people.size * n // _AT_ONCE))
    return np.concatenate([vendi_scores(similarity[rows[:, :, None], rows[:, None, :]]) for rows in parts])
