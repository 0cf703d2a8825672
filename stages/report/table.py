"""Tables as people read them, to be written as HTML, CSV and LaTeX."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import pandas as pd

from stages.common import cells
from stages.common.shown import visible

Flag: TypeAlias = Literal["", "▲", "▼"]
"""Mark of a number above or below its null band; no color is needed."""
WORDS: dict[Flag, str] = {"": "", "▲": "above", "▼": "below"}
NONE = "–"
MOST_ROWS = 400
"""Rows of a table on the page; the files have all."""


@dataclass(frozen=True)
class Column:
    """The title of a column, and the metric that it shows."""

    title: str
    key: str = ""
    """A key of the glossary; "" if it shows no metric."""
    words: bool = False
    """Whether it holds text that may break into lines."""


ARM_AND_PROMPT = (Column("arm"), Column("prompt", words=True))


def heads(key: str, *titles: str) -> list[Column]:
    """Columns of one metric."""
    return [Column(title, key) for title in titles]


@dataclass(frozen=True)
class Entry:
    """An entry of a table."""

    text: str
    quiet: str = ""
    """The null band beside it, or the interval of a number that has no band."""
    flag: Flag = ""
    anchor: str = ""
    """The id on the page to which it links; "" if it is no link."""
    interval: str = ""
    """The interval of a number that also has a band."""

    @property
    def shown(self) -> str:
        quiet = f" ({self.quiet})" if self.quiet else ""
        interval = f" [{self.interval}]" if self.interval else ""
        return f"{f'{self.flag} ' if self.flag else ''}{self.text}{quiet}{interval}"


EMPTY = Entry(NONE)


@dataclass(frozen=True)
class Table:
    """A table of the page; the first column heads the rows."""

    name: str
    """The stable name of its files and of its element on the page."""
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Entry]]
    note: str = ""
    """How to read it."""

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"{self.name}: {len(self.columns)} columns, but a row has {len(wrong[0])} cells")


def first_rows(table: Table, most: int = MOST_ROWS) -> Table:
    """The first rows, with a note on where all of them are."""
    if len(table.rows) <= most:
        return table
    note = f"{table.note} The first {most} of {len(table.rows)} rows; all: reports/tables/{table.name}.csv."
    return replace(table, rows=table.rows[:most], note=note.strip())


def to_csv(table: Table) -> str:
    """The table as CSV for a spreadsheet: numbers as printed, intervals and bands in columns of their own."""
    frame = _frame(table).map(visible)
    return cells.to_csv(frame.rename(columns=lambda head: cells.guarded(visible(head))))


def _frame(table: Table) -> pd.DataFrame:
    columns: dict[str, list[str]] = {}
    for i, column in enumerate(table.columns):
        cells = [row[i] for row in table.rows]
        columns[column.title] = [cell.text for cell in cells]
        if any(cell.quiet for cell in cells):
            columns[f"{column.title}: interval or band"] = [cell.quiet for cell in cells]
        if any(cell.interval for cell in cells):
            columns[f"{column.title}: interval"] = [cell.interval for cell in cells]
        if any(cell.flag for cell in cells):
            columns[f"{column.title}: outside the band"] = [WORDS[cell.flag] for cell in cells]
    return pd.DataFrame(columns, dtype=object)
