"""Are the numbers spread as in the dataset? Compare their distribution functions."""

from collections.abc import Iterator

import numpy as np
import scipy

from stages.common.fields import Field
from stages.common.tables.base import Row
from stages.common.tables.fidelity import KolmogorovRow
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import band_of, null_counts, p_above, perfect_samplers
from stages.evaluate.params import EvaluateParams
from stages.evaluate.values.content import too_few_valid
from stages.evaluate.values.numbers import numbers_of

_AT_ONCE = 1_000_000
"""Floats drawn in memory."""


def numbers(cell: Cell, study: Study) -> Iterator[Row]:
    """The Kolmogorov-Smirnov distance of every number."""
    if reason := cell.incomparable:
        yield cell.left_out("kolmogorov_smirnov", reason)
        return
    for field in study.schema.by_role("number"):
        yield _distance(field, cell, study)


def kolmogorov_smirnov(values: Floats, reference: Floats) -> float:
    """The largest distance between two empirical distribution functions, in [0, 1].

    The statistic of `scipy.stats.ks_2samp`, without its p, which warns at one value and knows no ties.

    >>> kolmogorov_smirnov(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    points = np.union1d(values, reference)
    cdfs = [np.searchsorted(np.sort(some), points, side="right") / len(some) for some in (values, reference)]
    return float(np.round(np.abs(cdfs[0] - cdfs[1]).max(), 12))


def kolmogorov_interval(ks: float, n: int, confidence: float) -> tuple[float, float]:
    """ks -+ e: the distance of n draws from their own distribution stays below e.

    The distance to a third distribution differs by no more (triangle inequality). e is Kolmogorov's
    quantile, exact for numbers without ties and too large with them; Massart's (1990)
    sqrt(ln(2 / (1 - confidence)) / (2 n)) is its limit.

    >>> low, high = kolmogorov_interval(0.5, 10, 0.95)
    >>> round(low, 3), round(high, 3)
    (0.091, 0.909)
    """
    reach = float(scipy.stats.kstwo.ppf(confidence, n))
    return max(0.0, ks - reach), min(1.0, ks + reach)


def null_distances(reference: Floats, n: int, params: EvaluateParams) -> Floats:
    """The distances of perfect samplers that draw n of these numbers: shape (null_draws,)."""
    values, codes = np.unique(reference, return_inverse=True)
    cdf = np.cumsum(np.bincount(codes)) / len(reference)
    if n < len(values):
        drawn = perfect_samplers(len(reference), n, draws=params.null_draws, seed=params.seed)
        parts = np.array_split(drawn, 1 + drawn.size // _AT_ONCE)
        return np.concatenate([_distances_of(np.sort(codes[part], axis=1), cdf) for part in parts])
    counts = null_counts(codes, len(values), n, draws=params.null_draws, seed=params.seed)
    distances: Floats = np.round(np.abs(np.cumsum(counts, axis=1) / n - cdf).max(axis=1), 12)
    return distances


def _distances_of(drawn: Places, cdf: Floats) -> Floats:
    """The largest distances, looked for at each number drawn and just below it: others take no memory.

    `drawn`: the places in `cdf` of each sampler's numbers, shape (draws, n), sorted by row.
    """
    n, below = drawn.shape[1], np.concatenate([[0.0], cdf])
    above = (np.arange(1, n + 1) / n - cdf[drawn]).max(axis=1)
    under = (below[drawn] - np.arange(n) / n).max(axis=1)
    distances: Floats = np.round(np.maximum(above, under), 12)
    return distances


def _distance(field: Field, cell: Cell, study: Study) -> Row:
    values, reference = (numbers_of(field.path, some) for some in (cell.content, cell.reference.profiles))
    reason = too_few_valid(len(values), len(cell.profiles), "a valid number")
    if reason or not len(reference):
        reason = reason or "nobody in the reference has a number"
        return cell.left_out("kolmogorov_smirnov", reason, field.path)
    ks, null = kolmogorov_smirnov(values, reference), null_distances(reference, len(values), study.params)
    low, high = kolmogorov_interval(ks, len(values), study.params.confidence)
    return KolmogorovRow(
        **cell.where,
        field=field.path,
        n=len(values),
        n_reference=len(reference),
        median=float(np.median(values)),
        median_reference=float(np.median(reference)),
        ks=ks,
        low=low,
        high=high,
        band=band_of(ks, null, study.params.confidence),
        p=p_above(ks, null),
    )
