"""Are the numbers spread as in the dataset? Their distribution functions, and how many are null."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstwo

from stages.common.fields import Field, get
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import (
    Band,
    Numbers,
    band_of,
    binomial_band,
    binomial_p,
    incomparable,
    null_counts,
    p_above,
    perfect_samplers,
)
from stages.evaluate.intervals.rates import Rate, Tally
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rows import NotComputed, ReadRow, Row
from stages.evaluate.values.content import is_whole, too_few_valid
from stages.evaluate.values.quartiles import numbers_of

_AT_ONCE = 1_000_000
"""Numbers drawn in memory."""


@dataclass(frozen=True)
class KolmogorovRow(ReadRow):
    """kolmogorov_smirnov.csv; n = profiles with a valid number in the field."""

    field: str
    n: int
    n_reference: int
    """People of the reference with a number."""
    median: float
    """In the field's own unit, as median_reference."""
    median_reference: float
    ks: float
    low: float | None
    """With high: of the distance of the arm's own distribution, which its n numbers only sample."""
    high: float | None
    band: Band
    p: float | None
    """Of a distance as large, if the arm drew from the reference; not corrected for many fields."""


@dataclass(frozen=True)
class NullRateRow(ReadRow):
    """null_rate.csv; n = profiles with a valid value: a number or null."""

    field: str
    n: int
    n_null: int
    rate: Rate
    rate_reference: float
    band: Band
    p: float | None
    """Two-sided, at least 1 / (1 + null_draws): see `binomial_p`; not corrected for many fields."""


def numbers(cell: Cell, study: Study) -> Iterator[Row]:
    """Kolmogorov-Smirnov distance of every number, and its share of null."""
    if reason := incomparable(cell):
        yield NotComputed(*cell.key, "kolmogorov_smirnov", "", reason)
        yield NotComputed(*cell.key, "null_rate", "", reason)
        return
    for field in study.schema.by_role("number"):
        yield _distance(field, cell, study)
        yield _null_rate(field, cell, study)


def kolmogorov_smirnov(values: Numbers, reference: Numbers) -> float:
    """The largest distance between two empirical distribution functions, in [0, 1].

    The statistic of `scipy.stats.ks_2samp`, without its p, which warns at one value and knows no ties.

    >>> kolmogorov_smirnov(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    points = np.union1d(values, reference)
    cdfs = [np.searchsorted(np.sort(some), points, side="right") / len(some) for some in (values, reference)]
    return float(np.round(np.abs(cdfs[0] - cdfs[1]).max(), 12))


def kolmogorov_interval(ks: float, n: int, confidence: float) -> tuple[float, float]:
    """ks -+ e, with e what the distance of n draws from their own distribution stays below.

    The distance to a third distribution differs by no more (triangle inequality). e is Kolmogorov's
    quantile, exact for numbers without ties and too large with them; Massart's (1990)
    sqrt(ln(2 / (1 - confidence)) / (2 n)) is its limit.

    >>> low, high = kolmogorov_interval(0.5, 10, 0.95)
    >>> round(low, 3), round(high, 3)
    (0.091, 0.909)
    """
    reach = float(kstwo.ppf(confidence, n))
    return max(0.0, ks - reach), min(1.0, ks + reach)


def null_distances(reference: Numbers, n: int, params: EvaluateParams) -> Numbers:
    """The distances of perfect samplers that draw n of these numbers: shape (null_draws,)."""
    values, codes = np.unique(reference, return_inverse=True)
    cdf = np.cumsum(np.bincount(codes)) / len(reference)
    if n < len(values):
        drawn = perfect_samplers(len(reference), n, draws=params.null_draws, seed=params.seed)
        parts = np.array_split(drawn, 1 + drawn.size // _AT_ONCE)
        return np.concatenate([_distances_of(np.sort(codes[part], axis=1), cdf) for part in parts])
    counts = null_counts(codes, len(values), n, draws=params.null_draws, seed=params.seed)
    distances: Numbers = np.round(np.abs(np.cumsum(counts, axis=1) / n - cdf).max(axis=1), 12)
    return distances


def _distances_of(drawn: NDArray[np.intp], cdf: Numbers) -> Numbers:
    """The largest distances are at a number drawn or just below it: the other numbers take no memory.

    Args:
        drawn: the places in `cdf` of each sampler's numbers, shape (draws, n), sorted by row.
    """
    n, below = drawn.shape[1], np.concatenate([[0.0], cdf])
    above = (np.arange(1, n + 1) / n - cdf[drawn]).max(axis=1)
    under = (below[drawn] - np.arange(n) / n).max(axis=1)
    distances: Numbers = np.round(np.maximum(above, under), 12)
    return distances


def _distance(field: Field, cell: Cell, study: Study) -> Row:
    values, reference = (numbers_of(field.path, some) for some in (cell.content, cell.reference.profiles))
    reason = too_few_valid(len(values), len(cell.profiles), "a valid number")
    if reason or not len(reference):
        reason = reason or "nobody in the reference has a number"
        return NotComputed(*cell.key, "kolmogorov_smirnov", field.path, reason)
    ks, null = kolmogorov_smirnov(values, reference), null_distances(reference, len(values), study.params)
    medians = float(np.median(values)), float(np.median(reference))
    confidence, sizes = study.params.confidence, (len(values), len(reference))
    interval, band = kolmogorov_interval(ks, len(values), confidence), band_of(ks, null, confidence)
    return KolmogorovRow(*cell.key, field.path, *sizes, *medians, ks, *interval, band, p_above(ks, null))


def _null_rate(field: Field, cell: Cell, study: Study) -> Row:
    written = [(get(profile, field.path) is None, unit) for profile, unit in cell.whole([field])]
    people = [get(one, field.path) is None for one in cell.reference.profiles if is_whole(one, [field])]
    if not written or not people:
        who = "nobody in the reference" if written else "no profile"
        return NotComputed(*cell.key, "null_rate", field.path, f"{who} has a valid value")
    found, confidence = Tally(*zip(*written, strict=True)), study.params.confidence
    share, k, n, size = sum(people) / len(people), found.k, found.n, len(people)
    band = binomial_band(k, n, share, confidence, n_reference=size)
    p = binomial_p(k, n, share, study.params.null_draws, n_reference=size)
    return NullRateRow(*cell.key, field.path, n, k, found.rate(confidence), share, band, p)
