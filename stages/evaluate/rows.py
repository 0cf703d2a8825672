"""The rows of the tables under metrics/tables: one class per table, fields are columns."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

import pandas as pd

from stages.evaluate.intervals import Rate

ALL = "(all)"
"""For the arm or the prompt of a row that is about several."""


@dataclass(frozen=True)
class Row:
    """A row about one arm under one asked prompt."""

    arm: str
    prompt: str
    """The id of the asked prompt."""


@dataclass(frozen=True)
class NotComputed(Row):
    """A statistic that is left out; not_computed.csv."""

    statistic: str
    field: str
    """Or rule; "" if the statistic is of the whole profile."""
    reason: str


R = TypeVar("R", bound=Row)


def rows_of(kind: type[R], rows: Iterable[Row]) -> list[R]:
    return [row for row in rows if type(row) is kind]


def as_table(kind: type[Row], rows: Iterable[Row]) -> pd.DataFrame:
    """The rows of one class; the columns stand even if there are no rows."""
    return pd.DataFrame([_flat(row) for row in rows_of(kind, rows)], columns=columns(kind))


def columns(kind: type[Row]) -> list[str]:
    """A `Rate` takes three columns: rate, low, high."""
    names: list[str] = []
    for field in fields(kind):
        names += [inner.name for inner in fields(Rate)] if field.type is Rate else [field.name]
    return names


def _flat(row: Row) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in asdict(row).items():
        flat.update(value if isinstance(value, dict) else {name: value})
    return flat
