"""Sentences about consistency and association."""

from collections.abc import Iterator

from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.common.tables.consistency import LikenessRow
from stages.common.tables.format import ANY, RuleRow, TextRuleRow
from stages.report.inputs import Inputs
from stages.report.numbers import listed, many, percent
from stages.report.tables.entries import of_readable, together


def consistent(inputs: Inputs) -> Iterator[str | list[str]]:
    """Rules broken under the headline prompt, beside the dataset's own rate; likeness of draws."""
    rows = [
        row for row in inputs.tables[RuleRow] if (row.prompt, row.rule) == (inputs.headline_prompt.id, ANY)
    ]
    own = {row.arm: row for row in rows if row.of == "reference"}
    by_arm = {row.arm: row for row in rows if row.of == "generated"}
    if by_arm:
        prompt = inputs.headline_prompt.id
        yield f"Profiles that contradict themselves, among those to which a rule applies (prompt {prompt}):"
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
        yield f"Profiles whose text contradicts a field, among those with such words (prompt {key[0]}):"
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
        f"Of {many(len(rows), 'pair')} of a protected field with another one (over all arms and prompts, "
        f"among profiles with valid values in both{together(cells.values(), '; these arms gave ')}), "
        f"[{n_above}](association) {'is' if n_above == 1 else 'are'} associated more closely than unrelated "
        f"fields would be; chance alone puts up to about {expected:.0f} there."
    )
    compared = inputs.tables[AmplificationRow]
    if compared:
        n_amplified = sum(row.outside for row in compared)
        yield (
            f"Compared with the dataset’s own association, [{n_amplified} of {len(compared)}](association) "
            f"{'lies' if n_amplified == 1 else 'lie'} outside the band of a perfect copy, where chance "
            f"puts up to about {len(compared) * (1 - inputs.confidence):.0f}."
        )


def _broken(row: RuleRow, own: RuleRow | None, key: str = "rules") -> str:
    beside = f"; {percent(own.rate.rate)} of the dataset’s people" if own else ""
    ends = f"true share {percent(row.rate.low)} to {percent(row.rate.high)}"
    of = of_readable(row, row.n_applies)
    return f"{row.arm}: [{row.n_broken} of {row.n_applies}]({key}) ({f'{of}; ' if of else ''}{ends}{beside})"
