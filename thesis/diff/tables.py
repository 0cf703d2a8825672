"""The tables that hold intervals of the headline, read from one run's folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stages.common.tables.base import Rate, Row
from stages.common.tables.bias import RepresentationRow
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.format import RuleRow, ValidityRow
from stages.common.tables.learning import FieldLossRow
from stages.common.tables.registry import TABLES
from stages.common.tables.totals import MeanVariationRow
from stages.report.loading import FOLDER, Tables, read_rows
from stages.shell.errors import UserError
from thesis.diff.numbers import Over

__all__ = ["FILES", "InTable", "Tables", "in_table", "read_tables"]

READ: tuple[type[Row], ...] = (
    ValidityRow, RuleRow, RepresentationRow, FieldLossRow, MeanVariationRow, ContrastRow,
)  # fmt: skip
_PATHS: dict[type[Any], Path] = {
    kind: FOLDER / f"{name}.csv" for name, kind in TABLES.items() if kind in READ
}
FILES = [path.as_posix() for path in _PATHS.values()]


@dataclass(frozen=True)
class InTable:
    """A number as a table has it, with the interval beside it."""

    value: float
    low: float | None
    high: float | None
    n: int | None = None
    over: Over = "draws"


def in_table(rate: Rate, n: int) -> InTable:
    return InTable(rate.rate, rate.low, rate.high, n)


def read_tables(folder: Path) -> tuple[Tables, list[str]]:
    """The tables that fit this version of the program, and a line about each that does not."""
    rows: dict[type[Any], Any] = {}
    unfit: list[str] = []
    for kind, path in _PATHS.items():
        try:
            rows[kind] = read_rows(folder / path, kind)
        except ValidationError as error:
            columns = {str(one["loc"][-1]) for one in error.errors(include_url=False, include_input=False)}
            unfit.append(f"{path}: missing, or not as expected: {', '.join(sorted(columns))}")
        except UserError as error:
            unfit.append(str(error).replace(f"{folder}/", ""))
    return Tables(rows), unfit
