"""How many different numbers does an arm write in a field, and how many would as few people have?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import Band, band_of, incomparable
from stages.evaluate.rows import NotComputed, ReadRow, Row
from stages.evaluate.values.quartiles import numbers_of
from stages.evaluate.variety.samplers import null_distinct


@dataclass(frozen=True)
class DifferentNumbersRow(ReadRow):
    """different_numbers.csv; n = profiles with a valid number in the field."""

    field: str
    n: int
    n_different: int
    most_frequent: float
    """The smallest of them, if several are."""
    n_most_frequent: int
    band: Band
    """Of the different numbers among n people of the reference who have one."""


def different_numbers(cell: Cell, study: Study) -> Iterator[Row]:
    """A row for each field of numbers."""
    if reason := incomparable(cell):
        yield NotComputed(*cell.key, "different_numbers", "", reason)
        return
    for field in study.schema.by_role("number"):
        written, people = (
            [str(value) for value in numbers_of(field.path, profiles)]
            for profiles in (cell.content, cell.reference.profiles)
        )
        if not written or not people:
            who = "nobody in the reference" if written else "no profile"
            yield NotComputed(*cell.key, "different_numbers", field.path, f"{who} has a valid number")
            continue
        counts, n = Counter(written), len(written)
        most, n_most = min(counts.items(), key=lambda found: (-found[1], float(found[0])))
        band = band_of(len(counts), null_distinct(people, n, study.params), study.params.confidence)
        yield DifferentNumbersRow(*cell.key, field.path, n, len(counts), float(most), n_most, band)
