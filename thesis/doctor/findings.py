"""What the doctor says: ok, a warning or a problem, and the remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Word: TypeAlias = Literal["ok", "warning", "problem"]
MARKS: dict[Word, str] = {"ok": "✓", "warning": "!", "problem": "✗"}


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
