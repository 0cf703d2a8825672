"""Does a profile have what its prompt asked for? Count unparsed, missing and wrong ones apart."""

from collections.abc import Iterator
from typing import Any

from stages.common.fields import MISSING, get
from stages.common.tables.base import Row
from stages.common.tables.format import AdherenceRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally
from stages.evaluate.references import agrees


def adherence(cell: Cell, study: Study) -> Iterator[Row]:
    for path, value in cell.prompt.given.items():
        yield _row(cell, path, value, study.params.confidence)


def _row(cell: Cell, path: str, value: Any, confidence: float) -> Row:
    n_parsed = len(cell.profiles)
    compared = [
        (agrees(profile, path, value), unit)
        for profile, unit in zip(cell.profiles, cell.parsed_units, strict=True)
        if get(profile, path) is not MISSING
    ]
    if not compared:
        reason = f"no profile has the field: {n_parsed} of {len(cell.draws)} draws parsed"
        return cell.left_out("adherence", reason, path)
    as_asked = Tally(*zip(*compared, strict=True))
    return AdherenceRow(
        **cell.where,
        field=path,
        n=len(cell.draws),
        n_unparsed=len(cell.draws) - n_parsed,
        n_missing=n_parsed - len(compared),
        n_compared=len(compared),
        n_agree=as_asked.k,
        rate=as_asked.rate(confidence),
    )
