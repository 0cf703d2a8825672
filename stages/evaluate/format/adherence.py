"""Does a profile have what its prompt asked for? Count unparsed, missing and wrong ones apart."""

from collections.abc import Iterator

from stages.common.fields import MISSING, get
from stages.common.tables.base import Row
from stages.common.tables.format import AdherenceRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally
from stages.evaluate.references import agrees


def adherence(cell: Cell, study: Study) -> Iterator[Row]:
    n, n_parsed = len(cell.draws), len(cell.profiles)
    for path, value in cell.prompt.given.items():
        compared = [
            (agrees(profile, path, value), unit)
            for profile, unit in cell.pairs
            if get(profile, path) is not MISSING
        ]
        if not compared:
            reason = f"no profile has the field: {n_parsed} of {n} draws parsed"
            yield cell.left_out("adherence", reason, path)
            continue
        as_asked = Tally(*zip(*compared, strict=True))
        yield AdherenceRow(
            **cell.where,
            field=path,
            n=n,
            n_unparsed=n - n_parsed,
            n_missing=n_parsed - len(compared),
            n_compared=len(compared),
            n_agree=as_asked.k,
            rate=as_asked.rate(study.params.confidence),
        )
