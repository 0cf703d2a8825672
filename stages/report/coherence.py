"""Sentences about consistency and association."""

from collections.abc import Iterator, Sequence

from stages.common.phrases import many
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.common.tables.consistency import LikenessRow
from stages.common.tables.format import ANY, RuleRow, TextRuleRow
from stages.report.inputs import Inputs
from stages.report.numbers import listed, percent
from stages.report.tables.entries import of_readable, together


def consistent(inputs: Inputs) -> Iterator[str | list[str]]:
    """Rules and texts broken under the headline prompt, beside the dataset's own rates; likeness of draws."""
    prompt, tables = inputs.headline_prompt.id, inputs.tables
    by_rule = _by_arm(tables[RuleRow], "rules", inputs)
    if by_rule:
        yield f"Profiles that contradict themselves, among those to which a rule applies (prompt {prompt}):"
        yield by_rule
    by_text = _by_arm(tables[TextRuleRow], "text_rules", inputs)
    if by_text:
        yield f"Profiles whose text contradicts a field, among those with such words (prompt {prompt}):"
        yield by_text
    above = [row.arm for row in tables[LikenessRow] if row.band.is_above(row.difference)]
    n = sum(row.band.band_high is not None for row in tables[LikenessRow])
    if n:
        yield (
            f"Answers to one prompt are [more alike](likeness) than answers to different prompts, beyond "
            f"chance, in {len(above)} of {many(n, 'arm')} with a null band"
            f"{f': {listed(above)}' if above else ''}."
        )


def _by_arm(rows: Sequence[RuleRow], key: str, inputs: Inputs) -> list[str]:
    """A point per arm: how many of its profiles break any rule, beside the dataset's own rate."""
    rows = [row for row in rows if (row.prompt, row.rule) == (inputs.headline_prompt.id, ANY)]
    own = {row.arm: row for row in rows if row.of == "reference"}
    found = {row.arm: row for row in rows if row.of == "generated"}
    return [_broken(found[arm], own.get(arm), key) for arm in inputs.arms if arm in found]


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


def _broken(row: RuleRow, own: RuleRow | None, key: str) -> str:
    beside = f"; {percent(own.rate.rate)} of the dataset’s people" if own else ""
    ends = f"true share {percent(row.rate.low)} to {percent(row.rate.high)}"
    of = of_readable(row, row.n_applies)
    return f"{row.arm}: [{row.n_broken} of {row.n_applies}]({key}) ({f'{of}; ' if of else ''}{ends}{beside})"
