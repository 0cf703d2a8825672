"""How far are the generated shares from the dataset's, and how far would chance put them?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.common.fields import Field
from stages.common.levels import Levels, levels_of
from stages.common.seeds import seed_for
from stages.common.variation import Shares, total_variation, variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.rows import NotComputed, Row


@dataclass(frozen=True)
class TotalVariationRow(Row):
    """total_variation.csv; n = profiles parsed."""

    field: str
    role: str
    n: int
    tv: float
    band_low: float
    """With band_high: where a perfect sampler of the reference falls at this n."""
    band_high: float
    percentile: float
    """Of `tv` among perfect samplers, 0 to 100; ties count half."""

    @property
    def above_band(self) -> bool:
        return self.tv > self.band_high


@dataclass(frozen=True)
class DistributionRow(Row):
    """metrics/plots/distributions.csv; n = profiles parsed."""

    field: str
    level: str
    share_generated: float
    share_reference: float
    n: int


def fidelity(cell: Cell, study: Study) -> Iterator[Row]:
    """Total variation and distribution of every protected field and attribute."""
    reason = cell.reference.reason if cell.profiles else "no profile parsed"
    if reason is not None:
        yield NotComputed(*cell.key, "total_variation", "", reason)
        return
    for field in study.schema.by_role("protected", "attribute"):
        levels = levels_of(field, cell.reference.profiles)
        generated, reference = levels.shares(cell.profiles), levels.shares(cell.reference.profiles)
        yield _variation(cell, study, field, generated, reference)
        yield from _distribution(cell, levels, generated, reference)


def null_variations(reference: Shares, n: int, *, draws: int, seed: int) -> NDArray[np.float64]:
    """The total variation of perfect samplers: shape (draws,), each of n people of the reference."""
    shares = np.asarray(reference, float)
    counts = np.random.default_rng(seed).multinomial(n, shares, size=draws)
    return variations(counts / n, shares)


def null_band(null: NDArray[np.float64], confidence: float) -> tuple[float, float]:
    """The middle `confidence` of what chance gives: (low, high)."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(null, [tail, 1 - tail])
    return float(low), float(high)


def percentile_rank(value: float, null: NDArray[np.float64]) -> float:
    """The percentage of `null` below `value`, ties counted half.

    >>> percentile_rank(2.0, np.array([1.0, 2.0, 3.0, 4.0]))
    37.5
    """
    n_below, n_equal = np.count_nonzero(null < value), np.count_nonzero(null == value)
    return float(100 * (n_below + n_equal / 2) / null.size)


def _variation(cell: Cell, study: Study, field: Field, generated: Shares, reference: Shares) -> Row:
    params, n = study.params, len(cell.profiles)
    tv = total_variation(generated, reference)
    seed = seed_for(params.seed, "null band", *cell.key, field.path)
    null = null_variations(reference, n, draws=params.null_draws, seed=seed)
    band = null_band(null, params.confidence)
    return TotalVariationRow(*cell.key, field.path, field.role, n, tv, *band, percentile_rank(tv, null))


def _distribution(cell: Cell, levels: Levels, generated: Shares, reference: Shares) -> Iterator[Row]:
    for level, share, share_reference in zip(levels.names, generated, reference, strict=True):
        if share or share_reference or level in levels.known:
            shares = float(share), float(share_reference)
            yield DistributionRow(*cell.key, levels.path, level, *shares, len(cell.profiles))
