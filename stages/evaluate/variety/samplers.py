"""How varied are perfect samplers of a reference? Nulls of the measures of variety."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stages.evaluate.arrays import Floats
from stages.evaluate.chance.nulls import null_counts, perfect_samplers
from stages.evaluate.params import EvaluateParams
from stages.evaluate.variety.diversity import vendi_scores

FEWEST, WORK = 400, 2_000_000
"""Vendi scores take n^3 steps each: there are WORK / n^2 of them, at least FEWEST."""

_AT_ONCE = 500_000
"""Similarities in memory."""


def mean_distance(similarity: Floats) -> float:
    """The mean of 1 - similarity over all pairs of two different rows; rounded, so that ties are ties."""
    n = len(similarity)
    return round(float((1 - similarity).sum() / (n * (n - 1))), 9)


def null_distinct(partition: Sequence[str], n: int, params: EvaluateParams) -> Floats:
    """Distinct labels among n people: shape (null_draws,); `partition`: the label of each person."""
    codes = np.unique(np.array(partition), return_inverse=True)[1]
    drawn = perfect_samplers(len(codes), n, draws=params.null_draws, seed=params.seed, fixed=True)
    # a count of every label would take the memory of draws x people
    parts = np.array_split(drawn, 1 + drawn.size // _AT_ONCE)
    found = [1 + np.count_nonzero(np.diff(np.sort(codes[part], axis=1), axis=1), axis=1) for part in parts]
    return np.concatenate(found).astype(float)


def null_mean_distances(similarity: Floats, n: int, params: EvaluateParams) -> Floats:
    """Mean distance of n people: shape (null_draws,); `similarity` of all people, shape (N, N)."""
    n_people = len(similarity)
    codes, draws, seed = np.arange(n_people), params.null_draws, params.seed
    drawn = null_counts(codes, n_people, n, draws=draws, seed=seed, fixed=True)
    totals = np.einsum("di,di->d", drawn @ (1 - similarity), drawn)
    return np.asarray(np.round(totals / (n * (n - 1)), 9))


def null_vendi_scores(similarity: Floats, n: int, params: EvaluateParams) -> Floats:
    """Vendi score of n people: shape (n_draws,), of the first n_draws of the same samplers."""
    drawn = perfect_samplers(len(similarity), n, draws=params.null_draws, seed=params.seed, fixed=True)
    n_draws = min(params.null_draws, max(FEWEST, WORK // n**2))
    different = [np.unique(people, return_counts=True) for people in drawn[:n_draws]]
    sizes, scores = np.array([len(people) for people, _ in different]), np.empty(n_draws)
    for size in np.unique(sizes):
        same = np.flatnonzero(sizes == size)
        for part in np.array_split(same, 1 + len(same) * size**2 // _AT_ONCE):
            people, times = (np.array([different[i][k] for i in part]) for k in (0, 1))
            scores[part] = _weighted_vendi_scores(similarity, people, np.sqrt(times), n)
    return scores


def _weighted_vendi_scores(similarity: Floats, people: NDArray[np.uint32], roots: Floats, n: int) -> Floats:
    """Someone drawn k times adds but eigenvalues of 0 to one who weighs k: far smaller matrices.

    `roots` are of how often each of `people` is drawn; both of shape (n_draws, n_different).
    """
    kernels = similarity[people[:, :, None], people[:, None, :]] * roots[:, :, None] * roots[:, None, :]
    return vendi_scores(kernels, n)
