"""Follow the documents beside a chat: a canvas of ChatGPT, an artifact or a file of Claude."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from thesis.importing.objects import weight
from thesis.importing.page_text import text_of_html
from thesis.importing.turns import Beside, Edit

_MAX_TEXT = 20_000
_UNSAFE = re.compile(r"\)[*+?{]|[*+{].*[*+{]", re.DOTALL)
"""Patterns that may take very long: repeated groups, and several repetitions."""

_CHANGES = ("replaced", "pattern", "inserted")
_WHY = {**dict.fromkeys(_CHANGES, Beside.EDITS), "unclear": Beside.WHICH}


@dataclass
class Documents:
    """The documents of a conversation, in their state after each answer."""

    texts: dict[str, str] = field(default_factory=dict)
    lost: dict[str, Beside] = field(default_factory=dict)
    """The reason why a document's text is not known."""
    failed: str | None = None
    """The document whose last change did not fit, until another document changes."""
    several: bool = False
    """Whether the last answer has several documents with a profile."""

    def answer(self, said: str, edits: Sequence[Edit]) -> str | Beside:
        """The answer: the said text, or the documents beside it if they hold the profile.

        >>> Documents().answer("Here.", [Edit("whole", "a", new='{"age": 3}')])
        '{"age": 3}'
        >>> Documents().answer("Changed.", [Edit("replaced", "a", "3", "34")])
        <Beside.EDITS: 'a document beside the chat, whose edits cannot be put together: paste those by hand'>
        """
        self.several = False
        if not edits:
            return said
        touched = dict.fromkeys(self._applied(edit) for edit in edits)
        made = [_as_shown(self.texts[name]) for name in touched if name in self.texts]
        lost = [self.lost[name] for name in touched if name in self.lost]
        best = max(map(weight, made), default=(0, 0))
        if best > weight(said):
            profiles = dict.fromkeys(text for text in made if any(weight(text)))
            self.several = len(profiles) > 1
            return "\n\n".join(profiles).strip()
        if lost and not any(weight(said)):
            return lost[0]
        return said if any(weight(said)) else "\n\n".join(text for text in (said, *made) if text.strip())

    def _applied(self, edit: Edit) -> str:
        """Apply a change and return the name of its document."""
        name = edit.document or self.failed or next(reversed(self.texts), "")
        old = self.texts.get(name)
        new = edit.new if edit.kind == "whole" else None
        if edit.kind == "added":
            new = (old or "") + edit.new
        elif edit.kind in ("shown", "unclear"):
            new = old
        elif edit.kind in _CHANGES and old is not None:
            new = _changed(old, edit)
        self.texts.pop(name, None)  # the last changed document comes last
        if new is not None:
            self.lost.pop(name, None)
            self.texts[name], self.failed = new, None
        elif edit.kind in _CHANGES or name != self.failed:
            self.lost[name] = _WHY.get(edit.kind, Beside.ELSEWHERE)
            self.failed = name if edit.kind in _CHANGES else self.failed
        return name


def _as_shown(text: str) -> str:
    """The text of a document that is an HTML page; another document unchanged."""
    return text_of_html(text) if re.match(r"\s*<(?:!doctype html|html)\b", text, re.IGNORECASE) else text


def _changed(text: str, edit: Edit) -> str | None:
    """The text after a change; None if the change does not fit."""
    if edit.kind == "pattern" and len(text) <= _MAX_TEXT and not _UNSAFE.search(edit.old):
        with suppress(re.error, RecursionError, OverflowError):
            new, n = re.subn(edit.old, edit.new, text, count=0 if edit.many else 1)
            if n:
                return new
    if edit.kind == "inserted":
        return _inserted(text, edit)
    if not edit.old or edit.old not in text:
        return None
    return text.replace(edit.old, edit.new, -1 if edit.many else 1)


def _inserted(text: str, edit: Edit) -> str | None:
    """The text with new lines below a line; None if there is no such line.

    >>> _inserted("a\\nc", Edit("inserted", "", "1", "b")), _inserted("a", Edit("inserted", "", "9", "b"))
    ('a\\nb\\nc', None)
    """
    lines = text.split("\n")
    if not re.fullmatch(r"[0-9]{1,6}", edit.old) or int(edit.old) > len(lines) or not edit.new:
        return None
    place = int(edit.old)
    return "\n".join([*lines[:place], edit.new.removesuffix("\n"), *lines[place:]])
