"""How far are the generated shares from the dataset's, and how far would chance put them?"""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.fields import Field
from stages.common.levels import Levels, levels_of
from stages.common.variation import Shares, total_variation, variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.nulls import Band, band_of, null_counts, p_above
from stages.evaluate.rows import NotComputed, Row


@dataclass(frozen=True)
class TotalVariationRow(Row):
    """total_variation.csv; n = profiles parsed."""

    field: str
    role: str
    n: int
    tv: float
    band: Band
    p: float
    """Of as large a distance, if the arm drew from the reference; no correction for many fields."""

    @property
    def above_band(self) -> bool:
        return self.tv > self.band.band_high


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
        yield _variation(cell, study, field, levels)
        yield from _distribution(cell, levels, generated, reference)


def _variation(cell: Cell, study: Study, field: Field, levels: Levels) -> Row:
    params, n, people = study.params, len(cell.profiles), cell.reference.profiles
    reference = levels.shares(people)
    tv = total_variation(levels.shares(cell.profiles), reference)
    counts = null_counts(
        levels.codes(people), len(levels.names), n, draws=params.null_draws, seed=params.seed
    )
    null = variations(counts / n, reference)
    band = band_of(tv, null, params.confidence)
    return TotalVariationRow(*cell.key, field.path, field.role, n, tv, band, p_above(tv, null))


def _distribution(cell: Cell, levels: Levels, generated: Shares, reference: Shares) -> Iterator[Row]:
    for level, share, share_reference in zip(levels.names, generated, reference, strict=True):
        if share or share_reference or level in levels.known:
            shares = float(share), float(share_reference)
            yield DistributionRow(*cell.key, levels.path, level, *shares, len(cell.profiles))
