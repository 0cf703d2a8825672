"""Draw perfect samplers: people of the reference, as few as the arm drew.

The reference is a sample itself. So each perfect sampler first draws a population from it, as many
people as it has, with replacement; then it draws n people of this population, each equally likely, with
replacement (a bootstrap of both samples, Efron & Tibshirani 1993, section 16.2). Its distance from
the reference is then as large as that of n further people would be. All measures of a cell are held
against the same samplers, so that they can be read side by side.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from stages.common.seeds import seed_for
from stages.common.tables.base import Band
from stages.evaluate.arrays import Floats, Places

COUNTED = 1_000
"""Up to so many people, it is kept how often each is drawn; for more, that would fill the memory."""

_AT_ONCE = 1_000_000
"""People drawn in memory."""


def band_of(value: float, null: Floats, confidence: float) -> Band:
    low, high = null_band(null, confidence)
    return Band(band_low=low, band_high=high, percentile=percentile_rank(value, null))


def null_band(null: Floats, confidence: float) -> tuple[float, float]:
    """The middle `confidence` of what chance gives: (low, high)."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(null, [tail, 1 - tail])
    return float(low), float(high)


def percentile_rank(value: float, null: Floats) -> float:
    """The percentage of `null` below `value`, ties counted half.

    >>> percentile_rank(2.0, np.array([1.0, 2.0, 3.0, 4.0]))
    37.5
    """
    n_below, n_equal = np.count_nonzero(null < value), np.count_nonzero(null == value)
    return float(100 * (n_below + n_equal / 2) / null.size)


def p_above(value: float, null: Floats) -> float:
    """One-sided Monte Carlo p: (1 + number of `null` >= value) / (1 + number of `null`).

    The observed value counts as one of the draws, so that p is never 0 and the test keeps its
    level (Davison & Hinkley 1997, section 4.2.1; Phipson & Smyth 2010).

    >>> p_above(3.0, np.array([1.0, 2.0, 3.0]))
    0.5
    """
    return float((1 + np.count_nonzero(null >= value)) / (1 + null.size))


def p_below(value: float, null: Floats) -> float:
    """One-sided Monte Carlo p for numbers that are too small: counts `null` <= value."""
    return p_above(-value, -null)


def binomial_band(k: int, n: int, share: float, confidence: float, *, n_reference: int | None = None) -> Band:
    """Where k lies among the counts of n people with one level that `share` of the reference has.

    band = quantiles / n; the percentile counts half of P(X = k).

    `n_reference`: people whose share it is; None if it is exact.

    >>> binomial_band(5, 10, 0.5, 0.95)
    Band(band_low=0.2, band_high=0.8, percentile=50.0)
    >>> binomial_band(5, 10, 0.5, 0.95, n_reference=10)
    Band(band_low=0.1, band_high=0.9, percentile=50.0)
    """
    found = _counts(n, share, n_reference)
    low, high = (float(found.ppf(q)) / n for q in ((1 - confidence) / 2, (1 + confidence) / 2))
    percentile = 100 * (found.cdf(k - 1) + found.pmf(k) / 2)
    return Band(band_low=low, band_high=high, percentile=round(float(percentile), 9))


def binomial_p(k: int, n: int, share: float, draws: int, *, n_reference: int | None = None) -> float:
    """Two-sided p of k among these counts: twice the smaller tail, at most 1.

    At least 1 / (1 + draws), the least that perfect samplers give: a level that nobody has would give 0.

    >>> round(binomial_p(1, 10, 0.5, 999), 4), binomial_p(3, 10, 0.0, 999), binomial_p(0, 10, 0.0, 999)
    (0.0215, 0.001, 1.0)
    """
    found = _counts(n, share, n_reference)
    tail = min(float(found.cdf(k)), float(found.sf(k - 1)))
    return max(min(1.0, 2 * tail), 1 / (1 + draws))


def _counts(n: int, share: float, n_reference: int | None) -> Any:
    """The distribution of the count among n people: binomial, or beta-binomial if the share is a sample's.

    The true share is then spread as Jeffreys' posterior says, beta(K + 1/2, N - K + 1/2) for K of N people
    (the prediction interval of Krishnamoorthy & Peng 2011, J. Stat. Plan. Inference 141:1709).
    """
    if n_reference is None:
        return scipy.stats.binom(n, share)
    n_with = round(share * n_reference)
    return scipy.stats.betabinom(n, n_with + 0.5, n_reference - n_with + 0.5)


def null_counts(
    codes: Sequence[int] | Places, n_levels: int, n: int, *, draws: int, seed: int, fixed: bool = False
) -> Floats:
    """How often perfect samplers of size n draw each level: shape (draws, n_levels).

    `codes` are the levels of the reference's people, from 0; `seed` is the same for all measures.
    """
    codes, n_people = np.asarray(codes, np.intp), len(codes)
    if fixed and min(n, n_people) > COUNTED:  # the counts are drawn, not the people: work of the levels alone
        shares = np.bincount(codes, minlength=n_levels) / n_people
        return np.random.default_rng(seed).multinomial(n, shares, size=draws).astype(np.float64)
    # both ways give the same counts; drawing by drawing costs n, the product n_people x n_levels / 160
    if n_people > COUNTED or n < n_people * n_levels / 160:
        drawn = perfect_samplers(n_people, n, draws=draws, seed=seed, fixed=fixed)
        return _levels_drawn(codes, n_levels, drawn)
    has_level = np.eye(n_levels, dtype=np.float32)[codes]
    times = _times_drawn(n_people, n, draws=draws, seed=seed, fixed=fixed)
    # levels in rows in memory: sums over few levels of many draws are then fast
    return (has_level.T @ times.T).astype(np.float64).T


@lru_cache(maxsize=2)
def perfect_samplers(
    n_people: int, n: int, *, draws: int, seed: int, fixed: bool = False
) -> NDArray[np.uint32]:
    """The people that each perfect sampler draws, as places from 0: shape (draws, n); read-only.

    With `fixed`, the reference itself is the population: for a number that is subtracted from the
    reference's own number, where the reference is drawn again too.
    """
    rng = np.random.default_rng(seed_for(seed, "perfect samplers", n_people, n))
    drawn = rng.integers(n_people, size=(draws, n), dtype=np.uint32)
    if not fixed:
        for block in np.array_split(np.arange(draws), 1 + drawn.size // _AT_ONCE):
            drawn[block] = _of_populations(drawn[block], rng.integers(n_people, size=(len(block), n)))
    drawn.flags.writeable = False
    return drawn


def _of_populations(people: NDArray[np.uint32], places: Places) -> NDArray[np.uint32]:
    """Give the draws of one place in the population one person; shapes (draws, n).

    Only the places that are drawn are filled, so that the work does not grow with the population.
    """
    places = np.sort(places, axis=1)
    is_new = np.diff(places, axis=1, prepend=-1) > 0
    first = np.maximum.accumulate(np.where(is_new, np.arange(places.shape[1]), 0), axis=1)
    return np.take_along_axis(people, first, axis=1)


def _levels_drawn(codes: Places, n_levels: int, drawn: NDArray[np.uint32]) -> Floats:
    """Count levels draw by draw: time and memory do not grow with the number of people."""
    counts = np.empty((n_levels, len(drawn)))
    blocks = np.array_split(np.arange(len(drawn)), 1 + drawn.size // _AT_ONCE)
    for block in blocks:
        first = n_levels * np.arange(len(block))[:, np.newaxis]
        found = np.bincount((codes[drawn[block]] + first).ravel(), minlength=n_levels * len(block))
        counts[:, block] = found.reshape(len(block), n_levels).T
    return counts.T


@lru_cache(maxsize=2)
def _times_drawn(n_people: int, n: int, *, draws: int, seed: int, fixed: bool) -> NDArray[np.float32]:
    """How often each person is drawn: shape (draws, n_people); float32 holds counts exactly."""
    drawn = perfect_samplers(n_people, n, draws=draws, seed=seed, fixed=fixed)
    return np.ascontiguousarray(_levels_drawn(np.arange(n_people), n_people, drawn), dtype=np.float32)
