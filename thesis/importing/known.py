"""Answers that lie in data/external already."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from stages.collect.answers import EXTERNAL
from stages.collect.content import content
from stages.collect.header import read_provenance, split_header
from stages.shell.errors import UserError
from thesis.importing.recognising import CONDITIONS, Expected
from thesis.importing.turns import Turn


@dataclass
class Known:
    """By conversation and message; those that were pasted by hand, by their content."""

    imported: set[tuple[str, str]] = field(default_factory=set)
    pasted: Counter[tuple[str, str, tuple[str, ...]]] = field(default_factory=Counter)
    """How many files hold it: refusals are often alike to the letter."""

    def take(self, turn: Turn, expected: Expected, text: str) -> bool:
        """Whether the answer is there; a file that was pasted by hand is one answer, once."""
        if (turn.conversation, turn.message) in self.imported:
            return True
        pasted = (expected.condition, expected.prompt_id, content(text))
        if self.pasted[pasted] == 0:
            return False
        self.pasted[pasted] -= 1
        return True


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
        header, body = split_header(file.read_text("utf-8-sig"))
        made = read_provenance(header or "")
    except (OSError, UnicodeDecodeError, UserError):
        return
    if made.export_sha256:
        known.imported.add((str(made.conversation), str(made.message)))
    else:
        known.pasted[condition, file.parent.name, content(body)] += 1
