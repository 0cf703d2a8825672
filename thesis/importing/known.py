"""Answers that lie in data/external already."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from stages.collect.answers import EXTERNAL
from stages.collect.header import read_provenance, split_header
from stages.collect.splitting import content
from stages.common.files import read_text
from stages.shell.errors import UserError
from thesis.importing.recognising import CONDITIONS, Expected
from thesis.importing.turns import Turn

_DAY = len("2026-01-01")


@dataclass
class Known:
    """By conversation and message; those that were pasted by hand, by their content."""

    imported: set[tuple[str, str]] = field(default_factory=set)
    pasted: Counter[tuple[str, str, tuple[str, ...]]] = field(default_factory=Counter)
    """How many files hold it: refusals are often alike to the letter."""
    dated: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Date and text of what was imported, by condition and prompt: Gemini's other format has other ids."""

    def take(self, turn: Turn, expected: Expected, text: str) -> bool:
        """Whether a file holds the answer that is not known by its ids; a file is one answer, once."""
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
    """What a source's folder holds; files that cannot be read are `collect`'s to name."""
    known = Known()
    for condition in CONDITIONS:
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
    """Whether a file and a turn of Gemini are one answer, from JSON with its time, and from HTML.

    HTML has the account's day and clock, whose zone is not known. A file of it has only the day; then the
    whole content has to be the same.
    """
    new = turn.date or ""
    if turn.clock is None or (len(when) > _DAY) == (len(new) > _DAY):
        return False
    if when and new and abs(_day(when) - _day(new)) > timedelta(days=1):
        return False
    is_page = len(when) <= _DAY
    if not is_page and _clock(when) != turn.clock:
        return False
    there = content(text)
    share = any("{" in one for one in {*said} & {*there})  # HTML has all texts of an answer in one
    return said == there or (share and not is_page)


def _day(when: str) -> date:
    return datetime.fromisoformat(when).date()


def _clock(when: str) -> tuple[int, int]:
    at = datetime.fromisoformat(when)
    return at.minute % 15, at.second
