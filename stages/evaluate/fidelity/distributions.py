"""The shares behind the distances, and where chance would put them."""

from collections.abc import Iterator

from stages.common.levels import levels_of
from stages.common.tables.base import Row
from stages.common.tables.fidelity import DistributionRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import binomial_band
from stages.evaluate.values.content import is_whole


def distributions(cell: Cell, study: Study) -> Iterator[Row]:
    """The shares of every protected field and attribute; `fidelity` says why there are none."""
    if cell.incomparable:
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
                yield DistributionRow(
                    **cell.where,
                    variable=field.path,
                    level=level,
                    share_generated=float(share),
                    share_reference=float(reference),
                    n=n,
                    n_level=k,
                    band_low=band.band_low,
                    band_high=band.band_high,
                )
