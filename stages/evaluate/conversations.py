"""Suppress what assumes independent draws, for profiles that are of one conversation."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from stages.common.tables.base import ALL, ROW, NotComputed, Part, Row
from stages.common.tables.format import ConversationRow
from stages.common.tables.registry import TABLES
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import least_effective
from stages.evaluate.rows import dependent

TOLD: tuple[tuple[str, Part], ...] = (
    (ALL, "band"),
    ("coverage", "value"),
    ("entropy", "value"),
    ("association", "value"),
)
"""Parts that a reader is told about once per cell; others left out are bands, or go with these."""
_COLUMNS: dict[Part, set[str]] = {"value": {ROW}, "interval": {ROW, "low"}, "band": {ROW, "band"}}


def conversations(cell: Cell, study: Study) -> Iterator[Row]:
    """Count the conversations of the draws."""
    sizes = Counter(cell.units)
    yield ConversationRow(
        **cell.where,
        n_draws=len(cell.units),
        n_conversations=len(sizes),
        n_largest=max(sizes.values()),
        n_effective=least_effective(cell.units),
        unseen_high=1 - ((1 - study.params.confidence) / 2) ** (1 / len(sizes)),
    )


def without_independence(rows: Iterable[Row], cells: Sequence[Cell]) -> Iterator[Row]:
    """Leave out what assumes that draws of one conversation are independent, and say what is left out."""
    clustered = {cell.key: cell for cell in cells if cell.clustered}
    for row in rows:
        if row.key not in clustered:
            yield row
        elif ROW not in row.independent and not _told_once(row):
            yield dependent(row)
    for cell in clustered.values():
        n_units = len({*cell.parsed_units})
        reason = (
            f"{len(cell.profiles)} profiles of {n_units} conversation{'s' * (n_units != 1)} hang together"
        )
        for table, part in TOLD:
            yield NotComputed(**cell.where, table=table, part=part, reason=reason)


def _told_once(row: Row) -> bool:
    """Whether a row says why something is missing that is left out in any case."""
    if not isinstance(row, NotComputed) or row.table not in TABLES:
        return False
    return not _COLUMNS[row.part].isdisjoint(TABLES[row.table].independent)
