"""Say since when the contrasts are declared, and what they show."""

from collections.abc import Iterator, Sequence

from stages.common.comparison import apart_by_data
from stages.common.declarations import DECLARED, Declarations, dates
from stages.common.made_with import ContrastFacts
from stages.common.phrases import many
from stages.common.tables.contrasts import ContrastRow
from stages.report.caveats import BESIDE, standing
from stages.report.comparing import smallest, what
from stages.report.inputs import Inputs
from stages.report.numbers import listed, p_value, rounded, signed
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


def declared(inputs: Inputs) -> Iterator[str | list[str]]:
    """Say when contrasts were declared and which were found; tell the primary one in full."""
    rows = [row for row in inputs.tables[ContrastRow] if row.kind == "declared"]
    if not rows:
        return
    yield from when_declared(inputs)
    yield from _found([row for row in rows if not apart_by_data(row.arm_a, row.arm_b)], inputs)
    yield from _differing([row for row in rows if apart_by_data(row.arm_a, row.arm_b)], inputs)
    found = [row for row in rows if row.p_adjusted <= inputs.alpha]
    if found:
        yield (
            "A difference that few draws find is on average larger than the true one, as small ones are "
            f"missed: {'; '.join(_again(row, inputs) for row in found)}."
        )
    for row in rows:
        if row.primary:
            yield from _primary(row, inputs)


def _found(rows: Sequence[ContrastRow], inputs: Inputs) -> Iterator[str]:
    """Name the contrasts that were found, of those whose difference no training seed can explain."""
    found = [row for row in rows if row.p_adjusted <= inputs.alpha]
    if rows:
        yield (
            f"Apart from comparisons of trainings on two datasets, {many(len(rows), 'contrast')} could be "
            f"tested; [{len(found)}](contrasts) {'was' if len(found) == 1 else 'were'} found"
            f"{f': {listed([_contrast(row) for row in found])}' if found else ''}."
        )


def _differing(rows: Sequence[ContrastRow], inputs: Inputs) -> Iterator[str | list[str]]:
    """Name the contrasts in which two trained adapters differ: the test is about these two alone."""
    found = [row for row in rows if row.p_adjusted <= inputs.alpha]
    if rows:
        yield (
            f"Of {many(len(rows), 'contrast')} between arms trained on different datasets, in "
            f"[{len(found)}](contrasts) these two adapters differ by more than their draws explain"
            f"{f'; {BESIDE}:' if found else '.'}"
        )
    if found:
        yield [f"{_contrast(row)}: {standing(row, inputs)}." for row in found]


def _again(row: ContrastRow, inputs: Inputs) -> str:
    """The calibrated value of the same contrast, if there is one."""
    calibrated = None if isinstance(inputs.calibration, str) else inputs.calibration.of(*row.definition)
    if calibrated is None:
        return f"{what(row)} has no calibrated value"
    n = many(calibrated.n, "draw")
    return f"{what(row)} is [{signed(calibrated.difference)}](calibration) over {n} that count"


def _primary(row: ContrastRow, inputs: Inputs) -> Iterator[str]:
    beyond = row.p_adjusted <= inputs.alpha
    found = "was found" if beyond else "was not found"
    if apart_by_data(row.arm_a, row.arm_b):
        found = "differs between these two adapters" if beyond else "does not differ beyond chance"
    n_a, n_b = of_drawn(row.n_a, row.n_drawn_a), of_drawn(row.n_b, row.n_drawn_b)
    yield (
        f"The primary contrast, {_contrast(row)}, {found}: {rounded(row.value_b)} ({n_b}) against "
        f"{rounded(row.value_a)} ({n_a}), where chance alone gives differences from "
        f"{signed(row.band_low)} to {signed(row.band_high)}."
    )
    least = inputs.minimum_effect(row.contrast)
    if least is None:
        yield "No difference, however large, would have been found reliably with so few draws."
    else:
        effect = f"[{smallest(row, least.minimum_effect)}](minimum_effects)"
        other = (
            "; the other way it takes a larger one, or none would be found" if least.method == "exact" else ""
        )
        yield f"So few draws reliably find a difference only from {effect} on{other}."


def _contrast(row: ContrastRow) -> str:
    p, arms = p_value(row.p_adjusted), f"{row.arm_b} minus {row.arm_a}"
    return f"{what(row)} of {arms}: [{signed(row.difference)}](contrasts) (p after Holm {p})"
