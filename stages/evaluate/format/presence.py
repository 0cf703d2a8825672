"""How many of the parsed profiles have each field? Null counts as there."""

from collections.abc import Iterator

from stages.common.fields import MISSING, get
from stages.common.tables.base import Row
from stages.common.tables.format import PresenceRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally


def presence(cell: Cell, study: Study) -> Iterator[Row]:
    n = len(cell.profiles)
    if not n:
        yield cell.left_out("presence", "no profile parsed")
        return
    for field in study.schema.fields:
        there = Tally(
            [get(profile, field.path) is not MISSING for profile in cell.profiles], cell.parsed_units
        )
        share = there.rate(study.params.confidence)
        yield PresenceRow(**cell.where, field=field.path, n=n, n_present=there.k, rate=share)
