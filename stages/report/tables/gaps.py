"""What was not computed, gathered by arm and reason."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from stages.report.inputs import Inputs
from stages.report.rows.format import NotComputedRow
from stages.report.table import Cell, Column, Table
from stages.report.tables.cells import texts

MOST = 8
"""Statistics named one by one; of more, the fields are counted."""


def gaps(inputs: Inputs) -> Iterator[Table]:
    rows = sorted(inputs.tables.not_computed, key=_arm_and_reason)
    heads = ("reason", "prompts", "left out")
    columns = [Column("arm"), *(Column(title, words=True) for title in heads)]
    found = [_row(*key, list(group)) for key, group in groupby(rows, _arm_and_reason)]
    yield Table("gaps", "What was not computed, and why", columns, found)


def _row(arm: str, reason: str, rows: Sequence[NotComputedRow]) -> list[Cell]:
    prompts = dict.fromkeys(row.prompt for row in rows)
    return texts(arm, reason, ", ".join(prompts), ", ".join(_statistics(rows)))


def _statistics(rows: Sequence[NotComputedRow]) -> list[str]:
    fields: dict[str, list[str]] = {}
    for row in rows:
        among = fields.setdefault(row.statistic, [])
        if row.field and row.field not in among:
            among.append(row.field)
    return [f"{name} ({_named(among)})" if among else name for name, among in fields.items()]


def _named(fields: Sequence[str]) -> str:
    return ", ".join(fields) if len(fields) <= MOST else f"{len(fields)} of them"


def _arm_and_reason(row: NotComputedRow) -> tuple[str, str]:
    return row.arm, row.reason
