"""Search of data/external for pasted answers, and for files in the wrong place."""

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from stages.collect.answers import INTERACTIVE
from stages.collect.folder import AnswerFile, read_folder
from stages.common.records import ArmCondition
from stages.common.shown import on_one_line

TYPED = "typed-"
"""Start of the folder name of a prompt that was typed into `thesis ask` and is not asked of every source."""
ARM_CONDITIONS: tuple[str, ...] = get_args(ArmCondition)
LEVELS = ("source", "condition", "prompt")

_IGNORED = ("readme.md", "icon\r", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Expected:
    """The names that the folders may have."""

    sources: Sequence[str]
    prompts: Sequence[str]

    def wrong(self, name: str, above: Sequence[str]) -> str | None:
        """What is wrong with the name of a folder below `above`, and what to do; None if nothing is."""
        if not name.isprintable():
            return "the name has control characters; rename it"
        if len(above) == 0:
            interactive = name.endswith(INTERACTIVE) and name != INTERACTIVE
            return None if interactive or name in self.sources else self._unknown_source(name)
        if len(above) == 1:
            return None if name in ARM_CONDITIONS else self._unknown_condition(name)
        typed = above[0].endswith(INTERACTIVE) and name.startswith(TYPED)
        return None if typed or name in self.prompts else unknown("prompt", name, self.prompts)

    def _unknown_source(self, name: str) -> str:
        if name in ARM_CONDITIONS or name in self.prompts:
            return f"a source should stand here ({', '.join(self.sources)})"
        return f"{unknown('source', name, self.sources)}; or add it to collect.sources in params.yaml"

    def _unknown_condition(self, name: str) -> str:
        if name in self.prompts:
            return f"a condition should stand here ({', '.join(ARM_CONDITIONS)})"
        return unknown("condition", name, ARM_CONDITIONS)


class Walk:
    """One walk through the folder; `answers` and `mistakes` hold what was found."""

    def __init__(self, root: Path, expected: Expected) -> None:
        self.root, self.expected = root, expected
        self.answers: list[AnswerFile] = []
        self.mistakes: list[str] = []
        if root.exists():
            self._folder(root, ())

    def _folder(self, folder: Path, above: tuple[str, ...]) -> None:
        for entry in self._entries(folder):
            place = on_one_line(str(entry))
            name = unicodedata.normalize("NFC", entry.name)
            if not entry.is_dir():
                self.mistakes.append(
                    f"{place}: in the wrong place; move it into <source>/<condition>/<prompt id>/"
                )
            elif wrong := self.expected.wrong(name, above):
                self.mistakes.append(f"{place}: {wrong}")
            elif len(above) + 1 < len(LEVELS):
                self._folder(entry, (*above, name))
            else:
                source, condition = above
                answers, mistakes = read_folder([*self._entries(entry)], (source, condition, name))
                self.answers += answers
                self.mistakes += mistakes

    def _entries(self, folder: Path) -> Iterator[Path]:
        """Entries of a folder by name, without what programs leave there."""
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self.mistakes.append(f"{folder}: cannot be read: {error.strerror}")
            return
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower() in _IGNORED:
                continue
            if self._is_inside(entry):
                yield entry
            else:
                self.mistakes.append(
                    f"{on_one_line(str(entry))}: a link to outside {self.root} or to nothing; copy the file"
                )

    def _is_inside(self, entry: Path) -> bool:
        return not entry.is_symlink() or (
            entry.exists() and entry.resolve().is_relative_to(self.root.resolve())
        )


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """Message that a name is unknown, with the one that may be meant."""
    lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), lower, 1)
    near = near or [one for one in lower if one.startswith(name.lower())]
    hint = f"did you mean {lower[near[0]]}? " if near else ""
    return f"unknown {kind}; {hint}there are: {', '.join(known)}"
