"""The doctor's lines for people, and for scripts."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stages.common.shown import visible
from thesis.doctor.findings import MARKS, Finding, Topic, Word, counts

COLOURS: dict[Word, str] = {"ok": "green", "warning": "yellow", "problem": "bold red"}
WORD_WIDTH, TOPIC_WIDTH = 9, 10


def print_topic(console: Console, topic: Topic) -> None:
    """A line for each finding; what it is stands there as a word and a mark."""
    for finding in topic.findings:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=WORD_WIDTH)
        grid.add_column(width=TOPIC_WIDTH)
        grid.add_column(ratio=1, overflow="fold")
        word = Text(f"{MARKS[finding.word]} {finding.word}", style=COLOURS[finding.word])
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
