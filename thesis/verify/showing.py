"""Findings for people: expected, got, same; and the two lists at the end."""

import re
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stages.common.shown import on_one_line
from thesis.verify.findings import Finding, Tier
from thesis.verify.outcome import CODES, Outcome, not_proved, proved, verdict_of

MARKS = {True: ("✓ same", "green"), False: ("✗ differs", "bold red"), None: ("– not checked", "yellow")}
HASH = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{20,52}(?:\.dir)?\b")
"""An md5 or a sha256; --json shows all of it."""
NOTE = ("! note", "yellow")
MARK_WIDTH = 14
CLOSING = {
    "same": "Everything is the same",
    "differs": "Something differs",
    "not checked": "Nothing differs, but not everything could be checked",
}


def print_beginning(console: Console, tiers: Sequence[Tier]) -> None:
    """Say which tiers run, and how long they take."""
    for tier in tiers:
        console.print(Text(f"Tier {tier.number}: {tier.title} It takes {tier.takes}."))


class Printer:
    """Prints findings as they come, under the names of their stages.

    A terminal gets columns. In a file or a pipe each finding is one line, so that a path stays whole.
    """

    def __init__(self, console: Console) -> None:
        self.console, self.stage = console, ""

    def begin(self, tier: Tier) -> None:
        self.stage = ""
        self.console.print(Text(f"\nTier {tier.number}: {tier.title}", style="bold"))
        self._print(Text("", style="dim"), "", "expected", "got", style="dim")

    def show(self, finding: Finding) -> None:
        if finding.stage != self.stage:
            self.stage = finding.stage
            self.console.print(Text(finding.stage, style="bold"))
        word, style = NOTE if finding.is_note and not finding.is_same else MARKS[finding.is_same]
        self._print(Text(word, style=style), finding.what, finding.expected, finding.got)

    def _print(self, mark: Text, *words: str, style: str = "") -> None:
        cells = [on_one_line(HASH.sub(r"\1…", text)) for text in words]
        if self.console.is_terminal:
            self.console.print(_row(mark, *(Text(cell, style=style) for cell in cells)))
        else:
            self.console.print(Text(f"{mark.plain:<{MARK_WIDTH}} {' | '.join(cells)}"), soft_wrap=True)


def print_end(console: Console, outcomes: Sequence[Outcome], others: Sequence[Tier]) -> None:
    """Print the two lists and the verdict."""
    for head, lines in (
        ("What this proved", proved(outcomes)),
        ("What it did not prove", not_proved(outcomes, others)),
    ):
        console.print(Text(f"\n{head}", style="bold"))
        for line in lines or ["Nothing"]:
            if console.is_terminal:
                console.print(_item(line))
            else:
                console.print(Text(f"- {on_one_line(line)}"), soft_wrap=True)
    verdict = verdict_of(outcomes)
    console.print(Text(f"\n{CLOSING[verdict]} (exit code {CODES[verdict]}).", style="bold"))


def _row(mark: Text, *cells: Text) -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=MARK_WIDTH)
    for _ in range(3):
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(mark, *cells)
    return grid


def _item(line: str) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_row("-", Text(on_one_line(line)))
    return grid
