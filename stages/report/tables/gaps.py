"""What was not computed, gathered by arm and reason."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from stages.common.tables.base import ALL, NotComputed, Part
from stages.report.inputs import Inputs
from stages.report.table import Column, Entry, Table
from stages.report.tables.entries import of_arm, texts

MOST = 8
"""Fields that are named; of more, the number is given."""
NAMES = {
    ALL: "all",
    "base_gains": "gain over the base",
    "contrasts": "contrast",
    "frequency_gains": "frequency gain",
    "joint_excess": "joint excess",
    "marked_words": "marked words",
    "minimum_effects": "minimum effect",
    "text_rules": "text rules",
    "variety_band": "variety",
}
"""Names of tables for people, where they differ from those of the files."""
ONE_OF = {
    "base_gains": "{} on {}",
    "frequency_gains": "{} on {}",
    "marked_words": "{}: {}",
    "memorisation": "{1}",
    "representation": "{} against the {}",
    "rules": "{} of the {}",
    "text_rules": "{} of the {}",
}
"""How to name one comparison of a table; elsewhere its name follows that of the table."""
PARTS = {
    frozenset[Part]({"value"}): "{}",
    frozenset[Part]({"interval"}): "interval of {}",
    frozenset[Part]({"band"}): "null band of {}",
    frozenset[Part]({"interval", "band"}): "interval and null band of {}",
}
HANGING = "null bands, p, intervals of distances"
"""Parts that every table leaves out where draws are not independent."""


def gaps(inputs: Inputs) -> Iterator[Table]:
    rows = sorted(inputs.tables[NotComputed], key=_arm_and_reason)
    heads = ("reason", "prompts", "left out")
    columns = [Column("arm"), *(Column(title, words=True) for title in heads)]
    found = [_row(*key, list(group), inputs) for key, group in groupby(rows, _arm_and_reason)]
    yield Table("gaps", "What was not computed, and why", columns, found)


def statistic(table: str, contrast: str, parts: Collection[Part]) -> str:
    """Name what is left out.

    >>> statistic("rules", "reference", {"value"}), statistic("joint_excess", "", {"interval"})
    ('rules of the reference', 'interval of joint excess')
    """
    if table == ALL and "band" in parts:
        return HANGING
    name = NAMES.get(table, table)
    one = ONE_OF.get(table, "{} {}").format(name, contrast) if contrast else name
    return PARTS[frozenset(parts)].format(one)


def _row(arm: str, reason: str, rows: Sequence[NotComputed], inputs: Inputs) -> list[Entry]:
    prompts = dict.fromkeys(row.prompt for row in rows)
    return [of_arm(arm, inputs), *texts(reason, ", ".join(prompts), ", ".join(_statistics(rows)))]


def _statistics(rows: Sequence[NotComputed]) -> list[str]:
    parts: dict[tuple[str, str, bool], set[Part]] = {}
    fields: dict[tuple[str, str, bool], dict[str, None]] = {}
    for row in rows:
        what = row.table, row.contrast, row.part == "value"
        parts.setdefault(what, set()).add(row.part)
        fields.setdefault(what, {}).update({row.field: None} if row.field else {})
    named = {statistic(*what[:2], parts[what]): [*among] for what, among in fields.items()}
    return [f"{name} ({_named(among)})" if among else name for name, among in named.items()]


def _named(fields: Sequence[str]) -> str:
    return ", ".join(fields) if len(fields) <= MOST else f"{len(fields)} of them"


def _arm_and_reason(row: NotComputed) -> tuple[str, str]:
    return row.arm, row.reason
