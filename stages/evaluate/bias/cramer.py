"""Cramér's V: how closely two fields go together."""

from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import ArrayLike

from stages.common.seeds import seed_for
from stages.evaluate.arrays import Floats


def strengths(tables: Floats, corrected: bool = True) -> Floats:
    """Cramér's V of two fields: 0 if they have nothing to do with each other, 1 if one gives the other.

    phi2 = sum of O^2 / (R C) over cells, minus 1 (chi-square / n);  V = sqrt(phi2 / min(r - 1, c - 1)).
    Chance makes V large at small n, so the correction subtracts from phi2 what is expected of
    independent fields, (r - 1)(c - 1) / (n - 1), down to 0, and from r and c in the
    denominator (r - 1)^2 / (n - 1) and (c - 1)^2 / (n - 1) (Bergsma 2013, J. Korean Stat.
    Soc. 42:323). Uncorrected, it is `scipy.stats.contingency.association`.

    Tables of counts, shape (..., r, c), give (...); empty rows and columns are no levels. NaN where fewer
    than 2 rows or columns have counts; corrected, unless n is larger than their number.

    >>> strengths(np.array([[[5.0, 0.0], [0.0, 5.0]], [[5.0, 5.0], [5.0, 5.0]]])).tolist()
    [1.0, 0.0]
    """
    # einsum: numpy's own sum is slow along short axes
    rows, columns = np.einsum("...rc->...r", tables), np.einsum("...rc->...c", tables)
    per_row, per_column = (
        np.divide(1, sums, out=np.zeros_like(sums), where=sums > 0) for sums in (rows, columns)
    )
    phi2 = np.einsum("...rc,...rc,...r,...c->...", tables, tables, per_row, per_column) - 1
    r, c = (np.einsum("...i->...", (sums > 0).astype(float)) - 1 for sums in (rows, columns))
    if corrected:
        rest = np.maximum(np.einsum("...r->...", rows) - 1, 1)
        phi2, r, c = phi2 - r * c / rest, r - r**2 / rest, c - c**2 / rest
    least = np.minimum(r, c)
    # rounded: the same counts in another order must tie, not differ in the last bit
    squared = np.round(np.clip(phi2, 0, None), 12) / np.where(least > 1e-12, least, np.nan)
    found: Floats = np.round(np.sqrt(np.minimum(squared, 1)), 12)
    return found


def strength_interval(table: ArrayLike, confidence: float) -> tuple[float, float]:
    """Confidence interval for the V of the shares behind a table, by the noncentral chi-square distribution.

    n phi2 is taken to have it, with (r - 1)(c - 1) degrees of freedom and noncentrality n times the
    phi2 of the shares; the ends are where it is at either end of the middle `confidence` (Smithson
    2003, Confidence Intervals, ch. 4; without adding the degrees of freedom, which would exclude 0).
    For the upper end n phi2 is taken to be no less than what independent fields give in the mean: where
    it is 0 by chance, the interval would be nothing but 0.

    >>> low, high = strength_interval([[9, 1], [1, 9]], 0.95)
    >>> round(low, 2), round(high, 2)
    (0.36, 1.0)
    """
    counts = np.asarray(table, float)
    counts = counts[counts.any(axis=1)][:, counts.any(axis=0)]
    least, n = min(counts.shape) - 1, counts.sum()
    chi2 = n * least * float(strengths(counts, corrected=False)) ** 2
    df, tail = (counts.shape[0] - 1) * (counts.shape[1] - 1), (1 - confidence) / 2
    found = (
        scipy.special.chndtrinc(chi2, df, 1 - tail) if chi2 else 0.0,
        scipy.special.chndtrinc(max(chi2, df), df, tail),
    )
    low, high = (min(1.0, float(np.sqrt(noncentrality / (n * least)))) for noncentrality in found)
    return low, high


@lru_cache(maxsize=256)
def independent(rows: tuple[int, ...], columns: tuple[int, ...], *, draws: int, seed: int) -> Floats:
    """V of `draws` random permutations of one field against the other: tables with these margins."""
    rng = np.random.default_rng(seed_for(seed, "independent", *rows, "x", *columns))
    return strengths(scipy.stats.random_table(rows, columns).rvs(draws, random_state=rng).astype(float))
