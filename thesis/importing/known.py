"""Answers that are in data/external already."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from stages.collect.answers import EXTERNAL
from stages.collect.header import read_provenance, split_header
from stages.collect.splitting import content
from stages.common.files import read_text
from stages.shell.errors import UserError
from thesis.importing.recognizing import ASKED_CONDITIONS, Expected
from thesis.importing.turns import Turn

_DAY = len("2026-01-01")


@dataclass
class Known:
    """The answers of a source; `take` removes one, so that a file counts as one answer."""

    imported: set[tuple[str, str]] = field(default_factory=set)
    """Ids of conversation and message."""
    pasted: Counter[tuple[str, str, tuple[str, ...]]] = field(default_factory=Counter)
    """Number of files by condition, prompt and content: refusals often have the same content."""
    dated: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Date and text of what was imported, by condition and prompt: Gemini's other format has other ids."""

    def take(self, turn: Turn, expected: Expected, text: str) -> bool:
        """Whether a file holds an answer whose ids are not known."""
        cell, said = (expected.condition, expected.prompt_id), content(text)
        if self.pasted[*cell, said] > 0:
            self.pasted[*cell, said] -= 1
            return True
        for one in self.dated[cell]:
            if _is_other_format(turn, said, *one):
                self.dated[cell].remove(one)
                return True
        return False


def known_answers(source: str, root: Path = EXTERNAL) -> Known:
    """The answers in a source's folder; `collect` reports the files that cannot be read."""
    known = Known()
    for condition in ASKED_CONDITIONS:
        for file in sorted((root / source / condition).glob("*/*")):
            if file.suffix in (".md", ".txt", ".json") and not file.name.startswith("."):
                _add(known, condition, file)
    return known


def _add(known: Known, condition: str, file: Path) -> None:
    try:
        header, body = split_header(read_text(file))
        made = read_provenance(header or "")
    except (OSError, UserError):
        return
    cell = (condition, file.parent.name)
    if made.export_sha256:
        known.imported.add((str(made.conversation), str(made.message)))
        known.dated[cell].append((made.date or "", body))
    else:
        known.pasted[*cell, content(body)] += 1


def _is_other_format(turn: Turn, said: tuple[str, ...], when: str, text: str) -> bool:
    """Whether a file and a turn are one answer of Gemini, one from JSON and one from HTML.

    JSON has the time; HTML has the account's clock without its zone, and its files have only the day. A
    file from HTML is the same answer only if the whole content is the same.
    """
    new = turn.date or ""
    if turn.clock is None or (len(when) > _DAY) == (len(new) > _DAY):
        return False
    if when and new and abs(_day(when) - _day(new)) > timedelta(days=1):
        return False
    there = content(text)
    if len(when) <= _DAY:
        return said == there
    at = datetime.fromisoformat(when)
    if (at.minute % 15, at.second) != turn.clock:
        return False
    return said == there or any("{" in one for one in {*said} & {*there})  # HTML joins the texts of an answer


def _day(when: str) -> date:
    return datetime.fromisoformat(when).date()
