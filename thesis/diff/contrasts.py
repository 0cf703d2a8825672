"""Declared contrasts of one run: over its own draws, and over trainings where a calibration belongs to it."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from stages.common.calibration import STATE, CalibratedContrast, Calibration
from stages.common.files import read_json
from stages.common.tables.contrasts import ContrastRow
from thesis.diff.numbers import Number, of_any_base
from thesis.diff.recorded import Recorded
from thesis.diff.tables import Tables

CLOSE = 1e-5


def drawn_contrasts(tables: Tables, recorded: Recorded) -> Iterator[Number]:
    """Differences b - a with the interval that the run's own draws give."""
    for row in tables[ContrastRow]:
        if row.kind == "declared":
            yield Number(
                group="contrasts",
                name=row.contrast,
                question=_question(row.definition, recorded.base),
                value=row.difference,
                low=row.low,
                high=row.high,
                confidence=recorded.params.get("evaluate.confidence"),
                n=row.n_a + row.n_b,
                over="draws",
                reason="" if row.low is not None else "too few draws",
            )


def calibrated_contrasts(calibration: Calibration | None, recorded: Recorded) -> Iterator[Number]:
    """Mean differences b - a over pairs of trainings, with Student's interval over them."""
    for one in calibration.contrasts if calibration else ():
        yield Number(
            group="contrasts",
            name=one.contrast,
            question=_question(one.definition, recorded.base),
            value=one.difference,
            low=one.low,
            high=one.high,
            confidence=calibration.made_with.confidence if calibration else None,
            n=one.n_seeds,
            over="trainings",
            reason="" if one.low is not None else "all pairs of trainings differ equally",
        )


def load_calibration_of(folder: Path, tables: Tables, recorded: Recorded) -> Calibration | None:
    """The run's calibration; None if there is none, or if the one that is there belongs to another run.

    Adapters are not in git, so the differences tell: a calibration keeps those of the pipeline's own draws.
    """
    path = folder / STATE
    try:
        found = Calibration.model_validate(read_json(path)) if path.exists() else None
    except ValidationError:
        return None
    return found if found and _belongs(found, tables, recorded) else None


def _belongs(calibration: Calibration, tables: Tables, recorded: Recorded) -> bool:
    rows = {row.definition: row for row in tables[ContrastRow] if row.kind == "declared"}
    pairs = [(one, rows[one.definition]) for one in calibration.contrasts if one.definition in rows]
    then = calibration.made_with
    return (
        bool(pairs)
        and all(_is_same(one, row) for one, row in pairs)
        and then.confidence == recorded.params.get("evaluate.confidence")
        and all(recorded.sampling.get(key) == value for key, value in then.sampling.items())
    )


def _is_same(one: CalibratedContrast, row: ContrastRow) -> bool:
    return one.difference_10 is not None and abs(one.difference_10 - row.difference) <= CLOSE


def _question(definition: tuple[str, ...], base: str) -> tuple[str, ...]:
    """What a contrast asks: an id alone can pass to another question."""
    _, arm_a, arm_b, *asked = definition
    return of_any_base(arm_a, base), of_any_base(arm_b, base), *asked
