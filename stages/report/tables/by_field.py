"""Tables with one row per arm and one column per field."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from stages.common.tables.consistency import AgreementRow
from stages.common.tables.fidelity import EntropyRow, TotalVariationRow
from stages.report.inputs import Inputs
from stages.report.table import EMPTY, Column, Entry, Table
from stages.report.tables.entries import BRACKETS, of_arm, readable_of

R = TypeVar("R", bound="AgreementRow | EntropyRow | TotalVariationRow")


def by_field(
    name: str,
    caption: str,
    key: str,
    rows: Sequence[R],
    cell: Callable[[R], Entry],
    inputs: Inputs,
    fields: Sequence[str] = (),
    note: str = BRACKETS,
) -> Table:
    """The table; `key` is a metric of the glossary, and `fields` are its columns if not those of the rows."""
    fields = fields or list(dict.fromkeys(row.field for row in rows))
    found = {(row.arm, row.field): cell(row) for row in rows}
    readable = {row.arm: readable_of(row) for row in rows}
    columns = [Column("arm"), Column("readable"), *(Column(field, key) for field in fields)]
    body = [
        [of_arm(arm, inputs), readable[arm], *(found.get((arm, field), EMPTY) for field in fields)]
        for arm in inputs.arms
        if arm in readable
    ]
    return Table(name, caption, columns, body, note)
