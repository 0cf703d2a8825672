"""A comparison on the screen, and as JSON."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from math import floor, log10
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from stages.common.comparison import BASE
from stages.common.look import arm_name
from stages.common.phrases import many
from stages.common.shown import on_one_line, visible
from thesis.diff.comparing import Compared
from thesis.diff.numbers import Number
from thesis.diff.run import Run
from thesis.diff.settings import Settings

TITLES = {
    "headline": "Headline",
    "contrasts": "Contrasts",
    "losses": "Losses on held-out people",
    "training": "Training",
    "data": "Data",
}
ALWAYS = ("headline", "contrasts")
"""Groups of which every number is shown."""
DIGITS = 2
"""Digits of an interval's width that are shown."""
PIPED = 100
"""Columns of text where there is no screen."""
STYLES = {"beyond noise": "bold", "differs": "bold", "within noise": "", "same": "dim"}


def shown(
    a: Run, b: Run, settings: Settings, rows: Sequence[Compared], notes: Sequence[str], *, every: bool
) -> Group:
    """Everything that a person reads.

    Args:
        every: whether numbers that are the same are shown too.
    """
    kept = [one for one in rows if every or one.verdict != "same" or one.any.group in ALWAYS]
    title = Text(f"{on_one_line(str(a.revision))} → {on_one_line(str(b.revision))}", "bold")
    parts: list[Any] = [title, _differs(settings), _table(a, b, kept)]
    if left_out := len(rows) - len(kept):
        parts.append(Text(f"Not listed: {many(left_out, 'number')} that are the same in both (--all)."))
    parts += [Text(visible(note)) for note in notes]
    return Group(*parts)


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
        name = Text(f" {_name(row, b.recorded.base)}")
        verdict = Text(row.verdict, STYLES.get(row.verdict, ""))
        table.add_row(name, _cell(row.a), _cell(row.b), _change(row), verdict)
    return table


def _title(row: Compared) -> str:
    number = row.any
    over = f" over {number.over}" if number.group == "contrasts" else ""
    return TITLES[number.group] + over


def _name(row: Compared, base: str) -> str:
    """The number's name; arms by their name for people."""
    number = row.any
    if number.group == "losses":
        split, data, arm = number.name.split(".", 2)
        return on_one_line(f"{split}, {data}: {arm_name(arm.replace(BASE, base, 1), base)}")
    if number.group == "training":
        return on_one_line(
            f"{number.file.removeprefix('metrics/train_').removesuffix('.json')}.{number.name}"
        )
    return on_one_line(number.name)


def _cell(number: Number | None) -> str:
    if number is None:
        return "–"
    if number.low is None or number.high is None:
        return _plain(number.value)
    value, low, high = (_fixed(one, _decimals(number)) for one in (number.value, number.low, number.high))
    return f"{value} [{low}, {high}]"


def _change(row: Compared) -> str:
    """b - a with as many decimals as the values; a smaller one with one digit."""
    if row.difference is None or row.verdict == "same":
        return ""
    if row.a is None or row.a.low is None:
        return f"{row.difference:+,.4g}"
    text = f"{row.difference:+.{_decimals(row.a)}f}"
    return _short(text) if float(text) else f"{row.difference:+.1g}"


def _plain(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _fixed(value: float, decimals: int) -> str:
    """A number with these decimals, without the 0 before the point and without a negative zero.

    >>> _fixed(-0.6119, 2), _fixed(0.0, 2), _fixed(-0.0001, 2), _fixed(15.21, 1)
    ('-.61', '0', '0', '15.2')
    """
    text = f"{value:.{decimals}f}"
    return _short(text) if float(text) else "0"


def _short(text: str) -> str:
    return re.sub(r"^([+-]?)0\.", r"\1.", text)


def _decimals(number: Number) -> int:
    width = (number.high or 0.0) - (number.low or 0.0)
    return max(0, DIGITS - 1 - floor(log10(width))) if width > 0 else DIGITS


def as_json(
    a: Run, b: Run, settings: Settings, rows: Sequence[Compared], notes: Sequence[str]
) -> dict[str, Any]:
    """The same for scripts: every number, whether shown or not."""
    return {
        "a": _revision(a),
        "b": _revision(b),
        "differing": asdict(settings),
        "numbers": [*map(_row, rows)],
        "notes": [*notes],
    }


def _revision(run: Run) -> dict[str, Any]:
    return {**asdict(run.revision), "base": run.recorded.base, "outdated_params": [*run.outdated]}


def _row(row: Compared) -> dict[str, Any]:
    number = row.any
    where: dict[str, Any] = {"group": number.group, "name": number.name}
    where |= {"question": [*number.question]} if number.question else {}
    return {
        **where,
        "a": _side(row.a),
        "b": _side(row.b),
        "difference": row.difference,
        "interval": row.interval,
        "verdict": row.verdict,
        "reason": row.reason,
    }


def _side(number: Number | None) -> dict[str, Any] | None:
    if number is None:
        return None
    keys = ("file", "value", "low", "high", "confidence", "n", "over")
    return {key: getattr(number, key) for key in keys}


def print_comparison(group: Group) -> None:
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=PIPED)
    console.print(group)
