"""Does an arm follow the format? Status of every draw, and how many fit the schema."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.evaluated import STATUSES
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals import Rate, rate
from stages.evaluate.rows import Row


@dataclass(frozen=True)
class StatusRow(Row):
    """status.csv: draws by status; the statuses of a cell add up to its draws."""

    status: str
    n: int


@dataclass(frozen=True)
class ValidityRow(Row):
    """validity.csv: schema-valid profiles among all draws, unparsed ones included."""

    n: int
    n_valid: int
    rate: Rate


def validity(cell: Cell, study: Study) -> Iterator[Row]:
    counts = Counter(draw.status for draw in cell.draws)
    for status in STATUSES:
        yield StatusRow(*cell.key, status, counts[status])
    n, n_valid = len(cell.draws), sum(draw.valid for draw in cell.draws)
    yield ValidityRow(*cell.key, n, n_valid, rate(n_valid, n, study.params.confidence))
