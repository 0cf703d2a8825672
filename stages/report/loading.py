"""Load the tables under metrics/ as typed rows."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter

from stages.common.cells import unguarded
from stages.common.files import read_text
from stages.common.records import CONDITIONS
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.learning import LossRow
from stages.common.tables.registry import TABLES

FOLDER = Path("metrics/tables")
DISTRIBUTIONS = Path("metrics/plots/distributions.csv")
LOSSES = Path("metrics/plots")

R = TypeVar("R")


@dataclass(frozen=True)
class Tables:
    """The rows under metrics/tables and metrics/plots, by class: `tables[ValidityRow]` is validity.csv."""

    rows: Mapping[type[Any], Sequence[Any]]

    def __getitem__(self, kind: type[R]) -> Sequence[R]:
        return self.rows[kind]


def load_tables() -> Tables:
    rows: dict[type[Any], Sequence[Any]] = {
        kind: read_rows(FOLDER / f"{name}.csv", kind) for name, kind in TABLES.items()
    }
    rows[DistributionRow] = read_rows(DISTRIBUTIONS, DistributionRow)
    rows[LossRow] = [row for name in CONDITIONS for row in read_rows(LOSSES / f"loss_{name}.csv", LossRow)]
    return Tables(rows)


def texts_of(tables: Tables) -> set[str]:
    """All texts in the tables: names of fields, levels, words."""
    rows = (row for some in tables.rows.values() for row in some)
    return {value for row in rows for value in vars(row).values() if isinstance(value, str)}


def without_arms(tables: Tables, left_out: Callable[[str], bool]) -> Tables:
    """The tables without the rows of some arms."""
    return Tables(
        {
            kind: [row for row in rows if not left_out(getattr(row, "arm", ""))]
            for kind, rows in tables.rows.items()
        }
    )


def read_rows(path: Path, kind: type[R]) -> list[R]:
    """The rows of a CSV that a stage wrote. Other columns are ignored; a level named NA stays text."""
    found = csv.DictReader(io.StringIO(read_text(path), newline=""))
    return TypeAdapter(list[kind]).validate_python([_nested(kind, row) for row in found])  # type: ignore[valid-type]


def _nested(kind: Any, row: Mapping[str, str]) -> dict[str, Any]:
    """The cells by field, those of a Rate or Band in a dict; an empty one is None where that is allowed."""
    found: dict[str, Any] = {}
    for field in fields(kind):
        if is_dataclass(field.type):
            found[field.name] = _nested(field.type, row)
        elif field.name in row:
            text = row[field.name]
            optional = type(None) in get_args(field.type)
            found[field.name] = None if optional and text == "" else unguarded(text)
    return found
