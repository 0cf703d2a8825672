"""Rows of all tables: pick those of one, leave columns out, say what is left out."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from stages.common.tables.base import ALL, NO_BAND, Band, NotComputed, Part, Row

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


def left_out(
    table: str,
    reason: str,
    field: str = "",
    *,
    arm: str = ALL,
    prompt: str = ALL,
    part: Part = "value",
    contrast: str = "",
) -> NotComputed:
    """The row that says why a part of a table is not computed."""
    return NotComputed(
        arm=arm, prompt=prompt, table=table, part=part, field=field, contrast=contrast, reason=reason
    )
