"""The shares behind the distances, and where chance would put them."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.levels import levels_of
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import binomial_band, incomparable
from stages.evaluate.rows import ReadRow, Row
from stages.evaluate.values.content import is_whole


@dataclass(frozen=True)
class DistributionRow(ReadRow):
    """metrics/plots/distributions.csv; n = profiles with a valid value."""

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
    for field in study.schema.by_role("protected", "attribute"):
        written, people = (
            [one for one in some if is_whole(one, [field])]
            for some in (cell.content, cell.reference.profiles)
        )
        if not written or not people:
            continue
        levels, n = levels_of(field, people), len(written)
        shares = levels.shares(written), levels.shares(people)
        for level, share, reference in zip(levels.names, *map(list, shares), strict=True):
            if share or reference or level in levels.known:
                confidence, k = study.params.confidence, round(share * n)
                band = binomial_band(k, n, reference, confidence, n_reference=len(people))
                ends = band.band_low, band.band_high
                yield DistributionRow(*cell.key, field.path, level, float(share), float(reference), n, *ends)
