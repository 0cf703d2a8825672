"""Sentences about consistency, association and declared contrasts: pure functions from rows to text."""

from collections.abc import Iterator

from stages.report.inputs import Inputs
from stages.report.numbers import listed, many, p_value, percent, rounded, signed
from stages.report.rows.contrasts import ContrastRow
from stages.report.rows.format import RuleRow
from stages.report.tables.consistency import ANY


def consistent(inputs: Inputs) -> Iterator[str | list[str]]:
    """Rules broken under the headline prompt, beside the dataset's own rate; likeness of draws."""
    rows = [row for row in inputs.tables.rules if (row.prompt, row.rule) == (inputs.headline_prompt.id, ANY)]
    own = {row.arm: row for row in rows if row.of == "reference"}
    by_arm = {row.arm: row for row in rows if row.of == "generated"}
    if by_arm:
        prompt = inputs.headline_prompt.id
        yield f"Profiles that contradict themselves, of those that a rule applies to (prompt {prompt}):"
        yield [_broken(by_arm[arm], own.get(arm)) for arm in inputs.arms if arm in by_arm]
    yield from _contradicted(inputs)
    above = [row.arm for row in inputs.tables.likeness if row.is_above(row.difference)]
    n = sum(row.band_high is not None for row in inputs.tables.likeness)
    if n:
        yield (
            f"Answers to one prompt are [more alike](likeness) than answers to different prompts, beyond "
            f"chance, in {len(above)} of {many(n, 'arm')} with a null band"
            f"{f': {listed(above)}' if above else ''}."
        )


def _contradicted(inputs: Inputs) -> Iterator[str | list[str]]:
    """Texts that deny what a field says, beside the dataset's own rate."""
    key = inputs.headline_prompt.id, ANY
    rows = [row for row in inputs.tables.text_rules if (row.prompt, row.rule) == key]
    own = {row.arm: row for row in rows if row.of == "reference"}
    by_arm = {row.arm: row for row in rows if row.of == "generated"}
    if by_arm:
        yield f"Profiles whose text says what a field denies, of those with such words (prompt {key[0]}):"
        yield [_broken(by_arm[arm], own.get(arm), "text_rules") for arm in inputs.arms if arm in by_arm]


def associated(inputs: Inputs) -> Iterator[str]:
    """Pairs of fields outside their bands, beside how many chance puts there."""
    rows = inputs.tables.association
    if not rows:
        return
    expected = len(rows) * (1 - inputs.confidence) / 2
    n_above = sum(row.outside for row in rows)
    yield (
        f"Of {many(len(rows), 'pair')} of a protected field with another one (over all arms and prompts), "
        f"[{n_above}](association) {'is' if n_above == 1 else 'are'} tied closer than unrelated "
        f"fields would be; chance alone puts up to about {expected:.0f} there."
    )
    compared = [row for row in rows if row.amplification is not None]
    if compared:
        n_amplified = sum(row.amplified for row in compared)
        yield (
            f"Against the dataset’s own association, [{n_amplified} of {len(compared)}](association) "
            f"{'lies' if n_amplified == 1 else 'lie'} outside the band of a perfect copy, where chance "
            f"puts up to about {len(compared) * (1 - inputs.confidence):.0f}."
        )


def declared(inputs: Inputs) -> Iterator[str]:
    """How many declared contrasts were found, and the primary one in full."""
    rows = [row for row in inputs.tables.contrasts if row.kind == "declared"]
    if not rows:
        return
    found = [row for row in rows if row.p_adjusted <= inputs.alpha]
    yield (
        f"Of {many(len(rows), 'contrast')} that were declared before looking and could be tested, "
        f"[{len(found)}](contrasts) {'was' if len(found) == 1 else 'were'} found"
        f"{f': {listed([_contrast(row) for row in found])}' if found else ''}."
    )
    if found:
        yield (
            "What is found with few draws is larger than it is on average, as small differences are missed: "
            f"{'; '.join(_again(row, inputs) for row in found)}."
        )
    for row in rows:
        if row.primary:
            yield from _primary(row, inputs)


def _again(row: ContrastRow, inputs: Inputs) -> str:
    """What many more draws say of the same contrast, where they were made."""
    calibrated = inputs.calibration.of(*row.definition) if inputs.calibration else None
    if calibrated is None:
        return f"{row.what} has no calibrated value"
    return f"{row.what} is [{signed(calibrated.difference)}](calibration) over {many(calibrated.n, 'draw')}"


def _primary(row: ContrastRow, inputs: Inputs) -> Iterator[str]:
    found = "was found" if row.p_adjusted <= inputs.alpha else "was not found"
    yield (
        f"The primary one, {_contrast(row)}, {found}: {rounded(row.value_a)} (n = {row.n_a}) against "
        f"{rounded(row.value_b)} (n = {row.n_b}), where differences from {signed(row.band_low)} to "
        f"{signed(row.band_high)} come by chance."
    )
    least = inputs.minimum_effect(row.contrast)
    if least is None:
        yield "No difference, however large, would have been found reliably with so few draws."
    else:
        effect = f"[{row.shown(least.minimum_effect)}](minimum_effects)"
        other = "; the other way it takes more, or nothing would be found" if least.method == "exact" else ""
        yield f"So few draws reliably find a difference only from {effect} on{other}."
    if row.about_conditions:
        yield (
            "That two arms differ does not say that their data made them differ: see the last question below."
        )


def _contrast(row: ContrastRow) -> str:
    p, arms = p_value(row.p_adjusted), f"{row.arm_b} minus {row.arm_a}"
    return f"{row.what} of {arms}: [{signed(row.difference)}](contrasts) (p after Holm {p})"


def _broken(row: RuleRow, own: RuleRow | None, key: str = "rules") -> str:
    beside = f"; of the dataset’s people {percent(own.rate)}" if own else ""
    ends = f"true share {percent(row.low)} to {percent(row.high)}"
    return f"{row.arm}: [{row.n_broken} of {row.n_applies}]({key}) ({ends}{beside})"
