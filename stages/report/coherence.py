"""Sentences about consistency and association."""

from collections.abc import Iterator, Sequence

from stages.common.phrases import many
from stages.common.tables.consistency import LikenessRow
from stages.common.tables.format import ANY, RuleRow, TextRuleRow
from stages.report.inputs import Inputs
from stages.report.numbers import listed, percent
from stages.report.tables.entries import of_readable, together


def consistent(inputs: Inputs) -> Iterator[str | list[str]]:
    """Say how many profiles contradict themselves, and how alike the answers to one prompt are."""
    prompt, tables = inputs.headline_prompt.id, inputs.tables
    by_rule = _by_arm(tables[RuleRow], "rules", inputs)
    if by_rule:
        yield f"Profiles that contradict themselves, among those to which a rule applies (prompt {prompt}):"
        yield by_rule
    by_text = _by_arm(tables[TextRuleRow], "text_rules", inputs)
    if by_text:
        yield f"Profiles whose text contradicts a field, among those with such words (prompt {prompt}):"
        yield by_text
    compared = [row for row in tables[LikenessRow] if row.band.band_high is not None]
    above = [row.arm for row in compared if row.band.is_above(row.difference)]
    if compared:
        yield (
            f"Answers to one prompt are [more alike](likeness) than answers to different prompts, beyond "
            f"chance, in {len(above)} of {many(len(compared), 'arm')} with a null band"
            f"{f': {listed(above)}' if above else ''}."
        )


def _by_arm(rows: Sequence[RuleRow], key: str, inputs: Inputs) -> list[str]:
    """One point per arm: how many of its profiles break any rule, beside the dataset's own rate."""
    rows = [row for row in rows if (row.prompt, row.rule) == (inputs.headline_prompt.id, ANY)]
    own = {row.arm: row for row in rows if row.of == "reference"}
    found = {row.arm: row for row in rows if row.of == "generated"}
    return [_broken(found[arm], own.get(arm), key) for arm in inputs.arms if arm in found]


def associated(inputs: Inputs) -> Iterator[str]:
    """Say how many pairs of fields lie outside their bands, and how many chance alone puts there."""
    if found := inputs.outside("association"):
        yield (
            f"Of {many(found.n, 'pair')} of a protected field with another one (over all arms and prompts, "
            f"among profiles with valid values in both{together(found, '; these arms gave ')}), "
            f"[{found.n_outside}](association) {'is' if found.n_outside == 1 else 'are'} associated more "
            "closely than unrelated fields would be; chance alone puts up to about "
            f"{found.n_by_chance:.0f} there."
        )
    if found := inputs.outside("amplification"):
        yield (
            f"Compared with the dataset’s own association, [{found.n_outside} of {found.n}](association) "
            f"{'lies' if found.n_outside == 1 else 'lie'} outside the band of a perfect copy, where chance "
            f"puts up to about {found.n_by_chance:.0f}."
        )


def _broken(row: RuleRow, own: RuleRow | None, key: str) -> str:
    beside = f"; {percent(own.rate.rate)} of the dataset’s people" if own else ""
    ends = f"true share {percent(row.rate.low)} to {percent(row.rate.high)}"
    of = of_readable(row, row.n_applies)
    return f"{row.arm}: [{row.n_broken} of {row.n_applies}]({key}) ({f'{of}; ' if of else ''}{ends}{beside})"
