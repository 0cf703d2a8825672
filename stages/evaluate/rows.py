"""Rows of many classes in one list: to pick those of one table, to leave columns out."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from stages.common.tables.base import NO_BAND, Band, Row

R = TypeVar("R", bound=Row)


def rows_of(kind: type[R], rows: Iterable[Row]) -> list[R]:
    return [row for row in rows if type(row) is kind]


def dependent(row: R) -> R:
    """The row of draws that hang together: columns that need independent draws are empty."""
    blank: dict[str, Any] = {
        column.name: NO_BAND if column.type is Band else None
        for column in fields(row)
        if column.name in row.independent
    }
    return replace(row, **blank)
