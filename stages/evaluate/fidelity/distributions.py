"""The shares behind the distances, and where chance would put them."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.levels import levels_of
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import binomial_band, incomparable
from stages.evaluate.rows import Row


@dataclass(frozen=True)
class DistributionRow(Row):
    """metrics/plots/distributions.csv; n = profiles parsed."""

    variable: str
    """The field; DVC's plots write over a column named `field`."""
    level: str
    share_generated: float
    share_reference: float
    n: int
    band_low: float | None
    """With band_high: the share among n people from where the reference is."""
    band_high: float | None


def distributions(cell: Cell, study: Study) -> Iterator[Row]:
    """Of every protected field and attribute; `fidelity` says why there are none."""
    if incomparable(cell):
        return
    n, n_reference = len(cell.profiles), len(cell.reference.profiles)
    for field in study.schema.by_role("protected", "attribute"):
        levels = levels_of(field, cell.reference.profiles)
        shares = levels.shares(cell.profiles), levels.shares(cell.reference.profiles)
        for level, share, reference in zip(levels.names, *map(list, shares), strict=True):
            if share or reference or level in levels.known:
                confidence, k = study.params.confidence, round(share * n)
                band = binomial_band(k, n, reference, confidence, n_reference=n_reference)
                ends = band.band_low, band.band_high
                yield DistributionRow(*cell.key, field.path, level, float(share), float(reference), n, *ends)
