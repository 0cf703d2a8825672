"""Answers that lie in data/external already."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from stages.collect.answers import EXTERNAL
from thesis.importing.recognising import CONDITIONS, Expected
from thesis.importing.turns import Turn

_HEADER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)\n?", re.DOTALL)


@dataclass
class Known:
    """By conversation and message; those that were pasted by hand, by their text."""

    imported: set[tuple[str, str]] = field(default_factory=set)
    pasted: set[tuple[str, str, str]] = field(default_factory=set)

    def has(self, turn: Turn, expected: Expected, text: str) -> bool:
        if (turn.conversation, turn.message) in self.imported:
            return True
        return (expected.condition, expected.prompt_id, text.strip()) in self.pasted


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
        text = file.read_text("utf-8-sig")
        found = _HEADER.match(text)
        header: Any = yaml.safe_load(found[1]) if found else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    body = text[found.end() :] if found else text
    if isinstance(header, dict) and header.get("export_sha256"):
        known.imported.add((str(header.get("conversation")), str(header.get("message"))))
    else:
        known.pasted.add((condition, file.parent.name, body.strip()))
