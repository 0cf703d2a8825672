"""Find beginnings of conversations, makers of canvases and copies among all activities of a Takeout."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import PurePosixPath

from thesis.importing.activity import Activity
from thesis.importing.turns import hashed

_AFTER = timedelta(minutes=15)
"""Longest time between a prompt and the canvas that it makes."""
_DAY = timedelta(days=1, hours=2)
"""Longest time between the clocks of two zones."""


@dataclass
class Survey:
    """Facts that only all activities together tell."""

    documents: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Texts of the canvases that an activity made, in order, by the activity's own id."""
    _prompts: dict[str, tuple[datetime | None, str, str]] = field(default_factory=dict)
    """Time, conversation and file, by the activity's own id."""
    _canvases: list[tuple[datetime, str, Activity]] = field(default_factory=list)
    """Canvases, each with its time and file."""
    _same: dict[str, str] = field(default_factory=dict)
    """An earlier id of a conversation, by a later one."""
    _starts: dict[str, str | None] = field(default_factory=dict)
    """The first activity of a conversation; None if it is not known."""
    _seen: dict[str, list[tuple[str, datetime | None]]] = field(default_factory=lambda: defaultdict(list))
    """File and time of the activities that look alike."""

    def add(self, activity: Activity, file: str) -> None:
        for chat in activity.chats[1:]:
            self._same[self._root(chat)] = self._root(activity.chats[0])
        self._seen[_likeness(activity)].append((file, activity.at))
        if self.is_copy(activity, file):
            return
        if not activity.is_canvas:
            self._prompts[activity.own] = (activity.at, "".join(activity.chats[:1]), file)
        elif activity.at:
            self._canvases.append((activity.at, file, activity))

    def settle(self) -> None:
        """Draw the conclusions, once, after the last `add`."""
        starts: dict[str, list[tuple[datetime | None, str]]] = defaultdict(list)
        for own, (at, chat, _) in self._prompts.items():
            if chat:
                starts[self._root(chat)].append((at, own))
        for chat, found in starts.items():
            known = len(found) == 1 or all(at for at, _ in found)
            self._starts[chat] = min(found, key=lambda one: (str(one[0]), one[1]))[1] if known else None
        for at, file, canvas in sorted(self._canvases, key=lambda made: made[0]):
            maker = self._maker(at, file, "".join(canvas.chats[:1]))
            if maker:
                self.documents[maker].append(canvas.document)

    def conversation(self, activity: Activity) -> str:
        """The id of the linked conversation; an activity without a link is a conversation by itself."""
        return self._root(activity.chats[0]) if activity.chats else activity.own

    def is_first(self, activity: Activity) -> bool:
        """Whether it begins its conversation, as far as the export tells."""
        return not activity.chats or self._starts[self.conversation(activity)] == activity.own

    def is_copy(self, activity: Activity, file: str) -> bool:
        """Whether an earlier file holds it, perhaps in the other format and on another clock."""
        before = takewhile(lambda seen: seen[0] != file, self._seen[_likeness(activity)])
        return any(
            at is None or activity.at is None or abs(at - activity.at) <= _apart(other, file)
            for other, at in before
        )

    def _root(self, chat: str) -> str:
        while chat in self._same and self._same[chat] != chat:
            chat = self._same[chat]
        return chat

    def _maker(self, made: datetime, file: str, chat: str) -> str | None:
        """The last prompt before a canvas, in its conversation if that is known."""
        before = [
            (at, own)
            for own, (at, of, prompt_file) in self._prompts.items()
            if at and made - _AFTER <= at <= made and not _apart(file, prompt_file)
            if not chat or not of or self._root(chat) == self._root(of)
        ]
        return max(before)[1] if before else None


def _likeness(activity: Activity) -> str:
    """A hash that is equal for JSON and HTML: it ignores white space, marks and the zone."""
    said = "".join(sign for answer in activity.answers for sign in answer if sign.isalnum())
    return hashed("".join(activity.title.split()), said, str(activity.clock))


def _apart(one: str, other: str) -> timedelta:
    """Longest time between copies of an activity in two files; files of one format have the same clock."""
    return timedelta(0) if PurePosixPath(one).suffix == PurePosixPath(other).suffix else _DAY
