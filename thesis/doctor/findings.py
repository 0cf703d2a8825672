"""Findings of the doctor: ok, a warning or a problem, the remedy, and how they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stages.common.shown import visible

Word: TypeAlias = Literal["ok", "warning", "problem"]
MARKS: dict[Word, str] = {"ok": "✓", "warning": "!", "problem": "✗"}
COLORS: dict[Word, str] = {"ok": "green", "warning": "yellow", "problem": "bold red"}
WORD_WIDTH, TOPIC_WIDTH = 9, 10


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    word: Word
    found: str
    remedy: str = ""
    """What to do; empty if it is ok."""


@dataclass(frozen=True)
class Topic:
    """The findings of one check."""

    name: str
    findings: list[Finding]


def ok(found: str) -> Finding:
    return Finding("ok", found)


def warning(found: str, remedy: str) -> Finding:
    return Finding("warning", found, remedy)


def problem(found: str, remedy: str) -> Finding:
    return Finding("problem", found, remedy)


def gigabytes(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB"


def mistake(text: str) -> Finding:
    """A UserError's message as a problem: its last line is the remedy.

    >>> mistake("a.json: wrong\\n  record 1\\nFix it").remedy
    'Fix it'
    """
    *head, last = text.splitlines()
    return problem("\n".join(head), last) if head else problem(last, "Fix it, and run thesis doctor again")


def counts(topics: Sequence[Topic]) -> dict[Word, int]:
    """How many findings are ok, warnings and problems."""
    words = [finding.word for topic in topics for finding in topic.findings]
    return {word: words.count(word) for word in MARKS}


def as_json(topics: Sequence[Topic]) -> dict[str, Any]:
    """`{"summary": {word: n}, "findings": [{"topic", "word", "found", "remedy"}]}`."""
    rows = [
        {"topic": topic.name, "word": f.word, "found": f.found, "remedy": f.remedy or None}
        for topic in topics
        for f in topic.findings
    ]
    return {"summary": counts(topics), "findings": rows}


def print_topic(console: Console, topic: Topic) -> None:
    """Print a line for each finding, with its mark and its word."""
    for finding in topic.findings:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=WORD_WIDTH)
        grid.add_column(width=TOPIC_WIDTH)
        grid.add_column(ratio=1, overflow="fold")
        word = Text(f"{MARKS[finding.word]} {finding.word}", style=COLORS[finding.word])
        grid.add_row(word, Text(topic.name), _said(finding))
        console.print(grid)


def summary(topics: Sequence[Topic]) -> str:
    """The last line.

    >>> summary([Topic("disk", [Finding("ok", "much room")])])
    '1 ok, 0 warnings, 0 problems'
    """
    n = counts(topics)
    plural = {word: "s" * (n[word] != 1 and word != "ok") for word in n}
    return ", ".join(f"{n[word]} {word}{plural[word]}" for word in n)


def _said(finding: Finding) -> Text:
    remedy = f"\n→ {finding.remedy}" if finding.remedy else ""
    return Text(visible(finding.found + remedy))
