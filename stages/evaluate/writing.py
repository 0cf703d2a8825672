"""The files and the closing lines of the stage."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from stages.common.cells import write_table
from stages.common.fresh import fresh_folder
from stages.common.shown import on_one_line
from stages.common.tables.base import Row
from stages.common.tables.format import ValidityRow
from stages.common.tables.registry import TABLES
from stages.common.tables.variety import DiversityRow
from stages.evaluate.rows import rows_of
from stages.evaluate.tables import as_table


def write_tables(folder: Path, rows: Sequence[Row]) -> None:
    """Replace the whole folder, so that no table of an earlier run stays."""
    with fresh_folder(folder) as fresh:
        for name, kind in TABLES.items():
            write_table(fresh / f"{name}.csv", as_table(kind, rows))


def summary(rows: Sequence[Row]) -> Table:
    """The table for the terminal: what every arm made of every prompt."""
    distinct = {(row.arm, row.prompt): str(row.n_distinct) for row in rows_of(DiversityRow, rows)}
    table = Table("arm", "prompt")
    for name in ("draws", "valid", "distinct"):
        table.add_column(name, justify="right")
    for row in rows_of(ValidityRow, rows):
        shown = distinct.get((row.arm, row.prompt), "-")
        table.add_row(
            Text(on_one_line(row.arm)), Text(on_one_line(row.prompt)), str(row.n), str(row.n_valid), shown
        )
    return table
