"""The files of one prompt's folder: answers by number, each with the file of its provenance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.common.shown import on_one_line

ANSWERS = (".md", ".txt", ".json")
SIDECAR = ".yaml"

_REMEDIES = {
    ".yml": "rename it to .yaml",
    ".markdown": "rename it to .md",
    ".text": "rename it to .txt",
    ".jsonl": "rename it to .txt",
    "": "give it the ending .md",
}


_BUNDLES = (".rtfd", ".pages")
"""Suffixes of folders that a Mac shows as files."""


@dataclass(frozen=True)
class AnswerFile:
    """A pasted answer and where it belongs."""

    source: str
    condition: str
    prompt_id: str
    number: int
    path: Path
    sidecar: Path | None


def read_folder(entries: Sequence[Path], names: tuple[str, str, str]) -> tuple[list[AnswerFile], list[str]]:
    """The answers in numeric order, and what is wrong with the folder's files.

    Args:
        entries: what lies in the folder.
        names: source, condition and prompt id.
    """
    mistakes = [f"{on_one_line(str(entry))}: {wrong}" for entry in entries if (wrong := _wrong(entry))]
    fitting = [entry for entry in entries if not _wrong(entry)]
    answers: dict[int, Path] = {}
    sidecars: dict[int, Path] = {}
    for entry in fitting:
        kind = sidecars if entry.suffix.lower() == SIDECAR else answers
        first = kind.setdefault(int(entry.stem), entry)
        if first != entry:
            mistakes.append(
                f"{on_one_line(str(entry))}: {first.name} has the same number; give one of them another"
            )
    mistakes += [
        f"{sidecars[number]}: there is no answer {number:02d} beside it; add it, or delete this file"
        for number in sorted(sidecars.keys() - answers.keys())
    ]
    rows = [AnswerFile(*names, number, answers[number], sidecars.get(number)) for number in sorted(answers)]
    return rows, mistakes


def _wrong(entry: Path) -> str | None:
    """What is wrong with one entry, and what to do; None if nothing is."""
    suffix = entry.suffix.lower()
    if entry.is_dir() and suffix not in _BUNDLES:
        return "a folder among the answers; move its files up into the prompt's folder, or delete it"
    if suffix not in (*ANSWERS, SIDECAR):
        remedy = _REMEDIES.get(suffix, "paste the answer's text into 01.md (or the next number)")
        return f"{suffix or 'a file without ending'} cannot be read; {remedy}"
    if not re.fullmatch("[0-9]{1,9}", entry.stem):
        return f"the name is not a number; rename it to 01{suffix}, 02{suffix}, …"
    return None
