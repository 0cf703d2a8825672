"""The rows of the tables under metrics/tables: one class per table, fields are columns."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, asdict, dataclass, fields, is_dataclass
from typing import Any, TypeVar

import pandas as pd

from stages.evaluate.chance.multiple import within_groups

ALL = "(all)"
"""In a row that is about no single arm or no single prompt."""


@dataclass(frozen=True)
class Row:
    """A row about one arm under one asked prompt."""

    arm: str
    prompt: str
    """The id of the asked prompt."""


@dataclass(frozen=True)
class ReadRow(Row):
    """About draws that could be read, or those of them that have what is measured: these are `n`.

    `study` fills in both counts, of all that the row is about.
    """

    _: KW_ONLY
    n_drawn: int | None = None
    n_readable: int | None = None
    """Of these draws."""


@dataclass(frozen=True)
class NotComputed(Row):
    """A statistic that is left out; not_computed.csv."""

    statistic: str
    field: str
    """Or rule; "" if the statistic is of the whole profile."""
    reason: str


_OF_DRAWS = ("n_readable", "n_drawn")
"""Columns that stand beside n."""

R = TypeVar("R", bound=Row)


def rows_of(kind: type[R], rows: Iterable[Row]) -> list[R]:
    return [row for row in rows if type(row) is kind]


def as_table(kind: type[Row], rows: Iterable[Row]) -> pd.DataFrame:
    """The rows of one class; the columns stand even if there are no rows.

    An exploratory `p` gets a `q` beside it: Benjamini-Hochberg's over the rows of the table that have one, of
    each arm and prompt by themselves, so that no arm lowers another's bar.
    """
    table = pd.DataFrame([_flat(row) for row in rows_of(kind, rows)], columns=_parts(kind))
    if _is_exploratory(kind):
        table["q"] = float("nan")
        tested = table[table["p"].notna()]
        cells = [*zip(tested["arm"], tested["prompt"], strict=True)]
        table.loc[tested.index, "q"] = within_groups(list(tested["p"]), cells)
    return table[columns(kind)]


def columns(kind: type[Row]) -> list[str]:
    """A part that is a dataclass takes one column for each of its fields: a `Rate` rate, low, high."""
    names = _parts(kind)
    if _is_exploratory(kind):
        names.insert(names.index("p") + 1, "q")
    return names


def _parts(kind: type[Row]) -> list[str]:
    names: list[str] = []
    for column in fields(kind):
        part = column.type
        names += [inner.name for inner in fields(part)] if is_dataclass(part) else [column.name]
    if issubclass(kind, ReadRow):
        names = [name for name in names if name not in _OF_DRAWS]
        after = 1 + names.index("n")
        names[after:after] = _OF_DRAWS
    return names


def _is_exploratory(kind: type[Row]) -> bool:
    """Whether it has p-values that no family of its own has adjusted."""
    names = _parts(kind)
    return "p" in names and not {"q", "p_adjusted"} & {*names}


def _flat(row: Row) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in asdict(row).items():
        flat.update(value if isinstance(value, dict) else {name: value})
    return flat
