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
    """Prints findings as they come, under the names of their stages."""

    def __init__(self, console: Console) -> None:
        self.console, self.stage = console, ""

    def begin(self, tier: Tier) -> None:
        self.stage = ""
        self.console.print(Text(f"\nTier {tier.number}: {tier.title}", style="bold"))
        self.console.print(_row(Text("", style="dim"), "", "expected", "got", style="dim"))

    def show(self, finding: Finding) -> None:
        if finding.stage != self.stage:
            self.stage = finding.stage
            self.console.print(Text(finding.stage, style="bold"))
        word, style = NOTE if finding.is_note and not finding.is_same else MARKS[finding.is_same]
        self.console.print(_row(Text(word, style=style), finding.what, finding.expected, finding.got))


def print_end(console: Console, outcomes: Sequence[Outcome], others: Sequence[Tier]) -> None:
    """Print the two lists and the verdict."""
    for head, lines in (
        ("What this proved", proved(outcomes)),
        ("What it did not prove", not_proved(outcomes, others)),
    ):
        console.print(Text(f"\n{head}", style="bold"))
        for line in lines or ["Nothing"]:
            console.print(_item(line))
    verdict = verdict_of(outcomes)
    console.print(Text(f"\n{CLOSING[verdict]} (exit code {CODES[verdict]}).", style="bold"))


def _row(mark: Text, what: str, expected: str, got: str, style: str = "") -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=MARK_WIDTH)
    for _ in range(3):
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(
        mark, *(Text(on_one_line(HASH.sub(r"\1…", text)), style=style) for text in (what, expected, got))
    )
    return grid


def _item(line: str) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_row("-", Text(on_one_line(line)))
    return grid
