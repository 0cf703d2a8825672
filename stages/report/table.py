"""Tables as people read them, to be written as HTML, CSV and LaTeX."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import pandas as pd

from stages.common import cells
from stages.common.shown import visible

Flag: TypeAlias = Literal["", "▲", "▼"]
"""Mark of a number above or below its null band; no color is needed."""
WORDS: dict[Flag, str] = {"": "", "▲": "above", "▼": "below"}
Value: TypeAlias = "str | int | float | None"
"""What a cell of a CSV file holds; None leaves it empty."""
NONE = "–"
BEYOND = "beyond chance"
"""Column of a file that holds flags as words."""
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
    id: str = ""
    """Its title in CSV files; "" if it is the same."""


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
    values: Mapping[str, Value] | None = None
    """What a CSV file holds: the value itself under "", what belongs to it under a name; None: the text."""

    @property
    def in_files(self) -> Mapping[str, Value]:
        return {"": self.text} if self.values is None else self.values

    @property
    def shown(self) -> str:
        quiet = f" ({self.quiet})" if self.quiet else ""
        interval = f" [{self.interval}]" if self.interval else ""
        return f"{f'{self.flag} ' if self.flag else ''}{self.text}{quiet}{interval}"


EMPTY = Entry(NONE, values={})


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
    in_files: "Table | None" = None
    """What the CSV file holds, if its rows are others."""

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
    """The table as CSV with one number per cell: bands, intervals and counts have columns of their own."""
    columns: dict[str, list[str]] = {}
    whole = table.in_files or table
    for i, column in enumerate(whole.columns):
        columns |= _columns(column, [row[i] for row in whole.rows])
    return cells.to_csv(pd.DataFrame(columns, dtype=object))


def _columns(column: Column, entries: Sequence[Entry]) -> dict[str, list[str]]:
    """A column of the page as columns of a file, by title."""
    title = column.id or column.title
    names = dict.fromkeys(name for entry in entries for name in entry.in_files)
    found = {name: [_plain(entry.in_files.get(name)) for entry in entries] for name in names}
    if any(entry.flag for entry in entries):
        found[BEYOND] = [WORDS[entry.flag] for entry in entries]
    return {cells.guarded(visible(f"{title}: {name}" if name else title)): one for name, one in found.items()}


def _plain(value: Value) -> str:
    """A value in a file: numbers with up to 6 digits, text without control characters."""
    if value is None:
        return ""
    return (
        visible(value)
        if isinstance(value, str)
        else f"{value:.6g}"
        if isinstance(value, float)
        else f"{value}"
    )
