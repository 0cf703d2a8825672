"""A comparison on the screen."""

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from stages.common.shown import on_one_line, visible
from thesis.diff.cells import change, side
from thesis.diff.comparing import Compared
from thesis.diff.run import Run
from thesis.diff.settings import Settings

PIPED = 120
"""Columns of text where there is no screen."""
STYLES = {"beyond noise": "bold", "same": "dim"}


def shown(a: Run, b: Run, settings: Settings, rows: Sequence[Compared], notes: Sequence[str]) -> Group:
    """Everything that a person reads."""
    title = Text(f"{on_one_line(str(a.revision))} → {on_one_line(str(b.revision))}", "bold")
    return Group(title, _differs(settings), _table(a, b, rows), *(Text(visible(note)) for note in notes))


def _differs(settings: Settings) -> Any:
    lines = settings.lines
    if not lines:
        return Text("Made with the same base, data, params and code.")
    table = Table.grid(Column(width=6), Column(overflow="fold"), padding=(0, 1))
    for kind, line in lines:
        table.add_row(kind, Text(on_one_line(line)))
    return Group(Text("The runs differ in:"), Padding(table, (0, 0, 0, 2)))


def _table(a: Run, b: Run, rows: Sequence[Compared]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", overflow="fold")
    for run in (a, b):
        table.add_column(Text(on_one_line(run.revision.name)), justify="right", no_wrap=True)
    table.add_column("change", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    title = ""
    for row in rows:
        if (found := _title(row)) != title:
            title = found
            table.add_row(Text(title, "bold"))
        name = Text(f" {on_one_line(row.any.name)}")
        verdict = Text(row.verdict, STYLES.get(row.verdict, ""))
        table.add_row(name, side(row.a), side(row.b), change(row), verdict)
    return table


def _title(row: Compared) -> str:
    return "Headline" if row.any.group == "headline" else f"Contrasts over {row.any.over}"


def print_comparison(group: Group) -> None:
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PIPED
    console.print(group)
