"""Sentences about consistency, association and declared contrasts: pure functions from rows to text."""

from collections.abc import Iterator, Sequence

from stages.common.comparison import apart_by_data
from stages.common.phrases import many
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.common.tables.consistency import LikenessRow
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.format import ANY, RuleRow, TextRuleRow
from stages.report.caveats import BESIDE, standing
from stages.report.comparing import smallest, what
from stages.report.inputs import Inputs
from stages.report.looking import when_declared
from stages.report.numbers import listed, p_value, percent, rounded, signed
from stages.report.tables.cells import of_drawn, of_readable, together


def consistent(inputs: Inputs) -> Iterator[str | list[str]]:
    """Rules broken under the headline prompt, beside the dataset's own rate; likeness of draws."""
    rows = [
        row for row in inputs.tables[RuleRow] if (row.prompt, row.rule) == (inputs.headline_prompt.id, ANY)
    ]
    own = {row.arm: row for row in rows if row.of == "reference"}
    by_arm = {row.arm: row for row in rows if row.of == "generated"}
    if by_arm:
        prompt = inputs.headline_prompt.id
        yield f"Profiles that contradict themselves, of those that a rule applies to (prompt {prompt}):"
        yield [_broken(by_arm[arm], own.get(arm)) for arm in inputs.arms if arm in by_arm]
    yield from _contradicted(inputs)
    above = [row.arm for row in inputs.tables[LikenessRow] if row.band.is_above(row.difference)]
    n = sum(row.band.band_high is not None for row in inputs.tables[LikenessRow])
    if n:
        yield (
            f"Answers to one prompt are [more alike](likeness) than answers to different prompts, beyond "
            f"chance, in {len(above)} of {many(n, 'arm')} with a null band"
            f"{f': {listed(above)}' if above else ''}."
        )


def _contradicted(inputs: Inputs) -> Iterator[str | list[str]]:
    """Texts that deny what a field says, beside the dataset's own rate."""
    key = inputs.headline_prompt.id, ANY
    rows = [row for row in inputs.tables[TextRuleRow] if (row.prompt, row.rule) == key]
    own = {row.arm: row for row in rows if row.of == "reference"}
    by_arm = {row.arm: row for row in rows if row.of == "generated"}
    if by_arm:
        yield f"Profiles whose text says what a field denies, of those with such words (prompt {key[0]}):"
        yield [_broken(by_arm[arm], own.get(arm), "text_rules") for arm in inputs.arms if arm in by_arm]


def associated(inputs: Inputs) -> Iterator[str]:
    """Pairs of fields outside their bands, beside how many chance puts there."""
    rows = inputs.tables[AssociationRow]
    if not rows:
        return
    expected = len(rows) * (1 - inputs.confidence) / 2
    n_above = sum(row.outside for row in rows)
    cells = {row.key: row for row in rows}
    yield (
        f"Of {many(len(rows), 'pair')} of a protected field with another one (over all arms and prompts, of "
        f"profiles with valid values in both{together(cells.values(), '; these arms gave ')}), "
        f"[{n_above}](association) {'is' if n_above == 1 else 'are'} tied closer than unrelated "
        f"fields would be; chance alone puts up to about {expected:.0f} there."
    )
    compared = inputs.tables[AmplificationRow]
    if compared:
        n_amplified = sum(row.outside for row in compared)
        yield (
            f"Against the dataset’s own association, [{n_amplified} of {len(compared)}](association) "
            f"{'lies' if n_amplified == 1 else 'lie'} outside the band of a perfect copy, where chance "
            f"puts up to about {len(compared) * (1 - inputs.confidence):.0f}."
        )


def declared(inputs: Inputs) -> Iterator[str | list[str]]:
    """When they were declared, which were found or differ between two adapters, the primary one in full."""
    rows = [row for row in inputs.tables[ContrastRow] if row.kind == "declared"]
    if not rows:
        return
    yield from when_declared(inputs)
    yield from _found([row for row in rows if not apart_by_data(row.arm_a, row.arm_b)], inputs)
    yield from _differing([row for row in rows if apart_by_data(row.arm_a, row.arm_b)], inputs)
    found = [row for row in rows if row.p_adjusted <= inputs.alpha]
    if found:
        yield (
            "What is found with few draws is larger than it is on average, as small differences are missed: "
            f"{'; '.join(_again(row, inputs) for row in found)}."
        )
    for row in rows:
        if row.primary:
            yield from _primary(row, inputs)


def _found(rows: Sequence[ContrastRow], inputs: Inputs) -> Iterator[str]:
    """Of arms whose difference no training seed explains."""
    found = [row for row in rows if row.p_adjusted <= inputs.alpha]
    if rows:
        yield (
            f"Where no trainings on two datasets are compared, {many(len(rows), 'contrast')} could be "
            f"tested; [{len(found)}](contrasts) {'was' if len(found) == 1 else 'were'} found"
            f"{f': {listed([_contrast(row) for row in found])}' if found else ''}."
        )


def _differing(rows: Sequence[ContrastRow], inputs: Inputs) -> Iterator[str | list[str]]:
    """Of arms that were trained on two datasets: the test is about these two adapters."""
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
    """What many more draws say of the same contrast, where they were made."""
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
        f"The primary one, {_contrast(row)}, {found}: {rounded(row.value_b)} ({n_b}) against "
        f"{rounded(row.value_a)} ({n_a}), where differences from {signed(row.band_low)} to "
        f"{signed(row.band_high)} come by chance."
    )
    least = inputs.minimum_effect(row.contrast)
    if least is None:
        yield "No difference, however large, would have been found reliably with so few draws."
    else:
        effect = f"[{smallest(row, least.minimum_effect)}](minimum_effects)"
        other = "; the other way it takes more, or nothing would be found" if least.method == "exact" else ""
        yield f"So few draws reliably find a difference only from {effect} on{other}."


def _contrast(row: ContrastRow) -> str:
    p, arms = p_value(row.p_adjusted), f"{row.arm_b} minus {row.arm_a}"
    return f"{what(row)} of {arms}: [{signed(row.difference)}](contrasts) (p after Holm {p})"


def _broken(row: RuleRow, own: RuleRow | None, key: str = "rules") -> str:
    beside = f"; of the dataset’s people {percent(own.rate.rate)}" if own else ""
    ends = f"true share {percent(row.rate.low)} to {percent(row.rate.high)}"
    of = of_readable(row, row.n_applies)
    return f"{row.arm}: [{row.n_broken} of {row.n_applies}]({key}) ({f'{of}; ' if of else ''}{ends}{beside})"
