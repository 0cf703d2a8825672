"""Join two tables that say something about the same measure."""

from dataclasses import dataclass

from stages.common.tables.base import NO_BAND, Band
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.common.tables.variety import VarietyBandRow, VarietyRow
from stages.report.loading import Tables

Pair = tuple[str, str, str, str]
"""An arm, a prompt and two fields."""


@dataclass(frozen=True)
class Varied:
    """A measure of variety and its null band; NO_BAND without people to compare with."""

    row: VarietyRow | VarietyBandRow
    """A count has no interval, so it has a row in the second table alone."""
    band: Band

    @property
    def interval(self) -> tuple[float | None, float | None]:
        return (self.row.low, self.row.high) if isinstance(self.row, VarietyRow) else (None, None)


def varieties(tables: Tables) -> list[Varied]:
    bands = {(*row.key, row.measure): row for row in tables[VarietyBandRow]}
    rows = {(*row.key, row.measure): row for row in tables[VarietyRow]}
    return [
        Varied(rows.get(key) or bands[key], bands[key].band if key in bands else NO_BAND)
        for key in dict.fromkeys([*rows, *bands])
    ]


def amplifications(tables: Tables) -> dict[Pair, AmplificationRow]:
    """Amplifications by `pair_of`; an association without people to compare with has none."""
    return {pair_of(row): row for row in tables[AmplificationRow]}


def pair_of(row: AssociationRow | AmplificationRow) -> Pair:
    return (*row.key, *row.pair)
