"""What is lost? How many of the parsed profiles have each field (null counts as there)."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.fields import MISSING, get
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Rate, Tally
from stages.evaluate.rows import NotComputed, ReadRow, Row


@dataclass(frozen=True)
class PresenceRow(ReadRow):
    """presence.csv; n = profiles parsed."""

    field: str
    n: int
    n_present: int
    rate: Rate


def presence(cell: Cell, study: Study) -> Iterator[Row]:
    n = len(cell.profiles)
    if not n:
        yield NotComputed(*cell.key, "presence", "", "no profile parsed")
        return
    for field in study.schema.fields:
        there = Tally(
            [get(profile, field.path) is not MISSING for profile in cell.profiles], cell.parsed_units
        )
        yield PresenceRow(*cell.key, field.path, n, there.k, there.rate(study.params.confidence))
