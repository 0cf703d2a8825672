"""How many different numbers does an arm write in a field, and how many would as few people have?"""

from collections import Counter
from collections.abc import Iterator

from stages.common.tables.base import Row
from stages.common.tables.variety import DifferentNumbersRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import band_of
from stages.evaluate.values.numbers import numbers_of
from stages.evaluate.variety.samplers import null_distinct


def different_numbers(cell: Cell, study: Study) -> Iterator[Row]:
    """A row for each field of numbers."""
    if reason := cell.incomparable:
        yield cell.left_out("different_numbers", reason)
        return
    for field in study.schema.by_role("number"):
        written, people = (
            [str(value) for value in numbers_of(field.path, profiles)]
            for profiles in (cell.content, cell.reference.profiles)
        )
        if not written or not people:
            who = "nobody in the reference" if written else "no profile"
            yield cell.left_out("different_numbers", f"{who} has a valid number", field.path)
            continue
        counts, n = Counter(written), len(written)
        most, n_most = min(counts.items(), key=lambda found: (-found[1], float(found[0])))
        band = band_of(len(counts), null_distinct(people, n, study.params), study.params.confidence)
        yield DifferentNumbersRow(
            **cell.where,
            field=field.path,
            n=n,
            n_different=len(counts),
            most_frequent=float(most),
            n_most_frequent=n_most,
            band=band,
        )
