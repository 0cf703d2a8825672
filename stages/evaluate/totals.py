"""Add up the rows of other tables: by cell, and over all cells that no grammar shaped.

What a sum leaves out, the table that it adds up says why.
"""

from collections.abc import Iterator, Sequence

from stages.common.comparison import is_constrained
from stages.common.tables.base import ALL, ReadRow, Row
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.common.tables.fidelity import CoverageRow, TotalVariationRow
from stages.common.tables.format import DomainRow, PresenceRow
from stages.common.tables.totals import (
    CompletenessRow,
    CoverageSumRow,
    MeanVariationRow,
    OutsideRow,
    RepeatsRow,
)
from stages.common.tables.variety import CopiesRow, DiversityRow
from stages.evaluate.rows import rows_of


def totals(rows: Sequence[Row], confidence: float) -> list[Row]:
    """Make the rows of all totals; `rows` say how many draws they are about."""
    by_cell: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_cell.setdefault(row.key, []).append(row)
    makers = _completeness, _mean_variation, _coverage
    found = [total for cell in by_cell.values() for make in makers for total in make(cell)]
    free = [row for row in rows if not is_constrained(row.arm)]
    return [*found, *_repeats(free), *_outside(free, confidence)]


def _completeness(cell: Sequence[Row]) -> Iterator[Row]:
    fields = rows_of(PresenceRow, cell)
    if not fields:
        return
    n_drawn, n_readable = _draws(fields)
    n_fields, n_present = sum(row.n for row in fields), sum(row.n_present for row in fields)
    refused = [row for row in rows_of(DomainRow, cell) if (row.outside, row.of) == ("schema", "generated")]
    n_invalid = sum(row.n_outside for row in refused)
    yield CompletenessRow(
        arm=fields[0].arm,
        prompt=fields[0].prompt,
        n=fields[0].n,
        n_drawn=n_drawn,
        n_readable=n_readable,
        n_fields=n_fields,
        n_missing=n_fields - n_present,
        n_invalid=n_invalid,
        presence=_mean([row.rate.rate for row in fields]),
        left=(n_present - n_invalid) * n_readable / (n_fields * n_drawn),
    )


def _mean_variation(cell: Sequence[Row]) -> Iterator[Row]:
    fields = [row for row in rows_of(TotalVariationRow, cell) if row.role == "protected"]
    if fields:
        yield MeanVariationRow(
            arm=fields[0].arm,
            prompt=fields[0].prompt,
            n_fields=len(fields),
            tv=_mean([row.tv for row in fields]),
            low=_mean_of_all([row.low for row in fields]),
            high=_mean_of_all([row.high for row in fields]),
            band_low=_mean_of_all([row.band.band_low for row in fields]),
            band_high=_mean_of_all([row.band.band_high for row in fields]),
        )


def _coverage(cell: Sequence[Row]) -> Iterator[Row]:
    fields = rows_of(CoverageRow, cell)
    if fields:
        yield CoverageSumRow(
            arm=fields[0].arm,
            prompt=fields[0].prompt,
            n_fields=len(fields),
            n_levels=sum(row.n_levels for row in fields),
            n_levels_expected=sum(row.n_levels_expected for row in fields),
        )


def _repeats(rows: Sequence[Row]) -> Iterator[Row]:
    different, copied = rows_of(DiversityRow, rows), rows_of(CopiesRow, rows)
    if different:
        n_drawn, n_readable = _draws(different)
        yield RepeatsRow(
            arm=ALL,
            prompt=ALL,
            n=sum(row.n for row in different),
            n_drawn=n_drawn,
            n_readable=n_readable,
            n_distinct=sum(row.n_distinct for row in different),
            n_copies=sum(row.n_copies for row in copied),
        )


def _outside(rows: Sequence[Row], confidence: float) -> Iterator[Row]:
    distances = [row for row in rows_of(TotalVariationRow, rows) if row.role == "protected"]
    distances = [row for row in distances if row.band.band_high is not None]
    pairs, closer = rows_of(AssociationRow, rows), rows_of(AmplificationRow, rows)
    one_side, two_sides = (1 - confidence) / 2, 1 - confidence
    yield from _outside_of("total_variation", distances, sum(row.above_band for row in distances), one_side)
    yield from _outside_of("association", pairs, sum(row.outside for row in pairs), one_side)
    yield from _outside_of("amplification", closer, sum(row.outside for row in closer), two_sides)


def _outside_of(table: str, among: Sequence[ReadRow], n_outside: int, tail: float) -> Iterator[Row]:
    """`tail`: the share of numbers that chance alone puts outside."""
    if among:
        n_drawn, n_readable = _draws(among)
        yield OutsideRow(
            arm=ALL,
            prompt=ALL,
            table=table,
            n=len(among),
            n_drawn=n_drawn,
            n_readable=n_readable,
            n_outside=n_outside,
            n_by_chance=len(among) * tail,
        )


def _draws(rows: Sequence[ReadRow]) -> tuple[int, int]:
    """All draws of the rows' cells, and those that could be read."""
    cells = {row.key: row for row in rows}.values()
    return sum(row.n_drawn or 0 for row in cells), sum(row.n_readable or 0 for row in cells)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _mean_of_all(values: Sequence[float | None]) -> float | None:
    """The mean; None if a value is missing, as the mean of the others would look too sure."""
    known = [value for value in values if value is not None]
    return _mean(known) if len(known) == len(values) else None
