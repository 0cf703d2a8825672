"""Say since when the contrasts are declared, and what they show."""

from collections.abc import Iterator, Sequence

from stages.common.declarations import DECLARED, Declarations, dates
from stages.common.made_with import ContrastFacts
from stages.common.phrases import many
from stages.common.tables.contrasts import ContrastRow
from stages.report.caveats import standing
from stages.report.comparing import what
from stages.report.inputs import Inputs
from stages.report.numbers import detected, listed, p_value, rounded, signed
from stages.report.screen import Screen, limits
from stages.report.tables.entries import of_drawn


def when_declared(inputs: Inputs) -> Iterator[str]:
    """One sentence each: contrasts declared before the first draws, after them, and without a record."""
    record, asked = inputs.declarations, inputs.asked_contrasts
    before, after, unknown = (
        [one for one in asked if record.when(one) == when] for when in ("before", "after", "unknown")
    )
    if before:
        yield (
            f"{_these(before, asked)} declared ({_since(before, record)}) before the first draws"
            f"{_drawn(record)}."
        )
    if after:
        yield (
            f"{_these(after, asked)} declared ({_since(after, record)}) after the first draws"
            f"{_drawn(record)}: chosen after a first look, so a small p is weaker evidence than for a "
            "question asked beforehand."
        )
    if unknown:
        yield (
            f"{DECLARED} does not record when {listed([one.id for one in unknown])} "
            f"{'was' if len(unknown) == 1 else 'were'} declared in the present form, so nothing shows that "
            "this was before looking."
        )


def _these(some: Sequence[ContrastFacts], asked: Sequence[ContrastFacts]) -> str:
    if len(some) == len(asked):
        return f"All {many(len(asked), 'contrast')} were" if len(asked) > 1 else "The contrast was"
    return f"{listed([one.id for one in some])} {'was' if len(some) == 1 else 'were'}"


def _since(some: Sequence[ContrastFacts], record: Declarations) -> str:
    return dates([found.at for one in some if (found := record.of(one))])


def _drawn(record: Declarations) -> str:
    return f" ({dates([record.first_draws.at])})" if record.first_draws else ""


def contrasts_screen(inputs: Inputs) -> Screen:
    rows = [row for row in inputs.tables[ContrastRow] if row.kind == "declared"]
    found = [row for row in rows if row.p_adjusted <= inputs.alpha]
    return Screen(
        "contrasts",
        "What do the declared contrasts show in the draws of the study?",
        _headline(rows, found),
        [*_found(found, inputs), *_primary([row for row in rows if row.primary])],
        ("contrasts",),
        ("contrasts", "effects", "exploratory"),
        limits(inputs, *when_declared(inputs), *_too_large(found, inputs), *_undetected(rows, inputs)),
    )


def _headline(rows: Sequence[ContrastRow], found: Sequence[ContrastRow]) -> str:
    if not rows:
        return "No declared contrast could be tested"
    tested = many(len(rows), "declared contrast")
    return f"{len(found) or 'None'} of {tested} {'differs' if len(found) < 2 else 'differ'} beyond chance"


def _found(rows: Sequence[ContrastRow], inputs: Inputs) -> Iterator[list[str]]:
    """Name the contrasts beyond chance; a training seed may explain those between two trainings."""
    if rows:
        yield [f"{_contrast(row, inputs)}: {standing(row, inputs)}." for row in rows]


def _primary(rows: Sequence[ContrastRow]) -> Iterator[str]:
    for row in rows:
        n_a, n_b = of_drawn(row.n_a, row.n_drawn_a), of_drawn(row.n_b, row.n_drawn_b)
        yield (
            f"The primary contrast is the {what(row)}: {rounded(row.value_b)} ({n_b}) against "
            f"{rounded(row.value_a)} ({n_a}), where chance alone gives differences from "
            f"{signed(row.band_low)} to {signed(row.band_high)}."
        )


def _too_large(rows: Sequence[ContrastRow], inputs: Inputs) -> Iterator[str]:
    """Draws that barely find a difference find the large ones: beside it stands the calibrated value."""
    if not rows:
        return
    again = [f"; {one}" for row in rows if (one := _again(row, inputs))]
    yield (
        "A difference that few draws find is on average larger than the true one, as small ones are "
        f"missed{''.join(again)}."
    )


def _again(row: ContrastRow, inputs: Inputs) -> str:
    """The calibrated value of the same contrast; "" if there is none."""
    calibrated = None if isinstance(inputs.calibration, str) else inputs.calibration.of(*row.definition)
    if calibrated is None:
        return ""
    n = many(calibrated.n, "draw")
    return f"{what(row)} is [{signed(calibrated.difference)}](calibration) over {n} that count"


def _undetected(rows: Sequence[ContrastRow], inputs: Inputs) -> Iterator[str]:
    if any(row.p_adjusted > inputs.alpha for row in rows):
        yield (
            "A difference that was not found may still be there: the last column of the table says which "
            f"true difference would be detected {detected(inputs.power)}."
        )


def _contrast(row: ContrastRow, inputs: Inputs) -> str:
    p, arms = p_value(row.p_adjusted), f"{inputs.name(row.arm_b)} minus {inputs.name(row.arm_a)}"
    words = what(row)
    return f"{words[0].upper()}{words[1:]}, {arms}: [{signed(row.difference)}](contrasts) (p after Holm {p})"
