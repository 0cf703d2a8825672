"""What all activities of a Takeout tell together: where conversations begin, what made a canvas, copies."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import PurePosixPath

from thesis.importing.activity import Activity
from thesis.importing.turns import hashed

_AFTER = timedelta(minutes=15)
"""A document is made by the prompt before it, no longer ago than this."""
_DAY = timedelta(days=1, hours=2)
"""Clocks of two zones are not further apart."""


@dataclass
class Survey:
    """What is known of all activities together."""

    documents: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The texts of the canvases that an activity made, the last one last."""
    _prompts: dict[str, tuple[datetime | None, str, str]] = field(default_factory=dict)
    """Time, conversation and file, by the activity's own id."""
    _canvases: list[tuple[datetime, str, Activity]] = field(default_factory=list)
    """Each with its time and file."""
    _same: dict[str, str] = field(default_factory=dict)
    """A conversation's id to an earlier one."""
    _starts: dict[str, str | None] = field(default_factory=dict)
    """The first activity of a conversation; None if that is not known."""
    _seen: dict[str, list[tuple[str, datetime | None]]] = field(default_factory=lambda: defaultdict(list))
    """The file and the time of the activities that look alike."""

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
        """Called once, after the last `add`."""
        starts: dict[str, list[tuple[datetime | None, str]]] = defaultdict(list)
        for own, (at, chat, _) in self._prompts.items():
            if chat:
                starts[self._root(chat)].append((at, own))
        for chat, found in starts.items():
            timed = [(at, own) for at, own in found if at]
            if len(found) == 1:
                self._starts[chat] = found[0][1]
            else:
                self._starts[chat] = min(timed)[1] if len(timed) == len(found) else None
        for at, file, canvas in sorted(self._canvases, key=lambda made: made[0]):
            maker = self._maker(at, file, "".join(canvas.chats[:1]))
            if maker:
                self.documents[maker].append(canvas.document)

    def conversation(self, activity: Activity) -> str:
        """That of its link; without one, an activity is one of its own."""
        return self._root(activity.chats[0]) if activity.chats else activity.own

    def is_first(self, activity: Activity) -> bool:
        """Whether nothing was said before in its conversation, as far as the export tells."""
        return not activity.chats or self._starts[self.conversation(activity)] == activity.own

    def is_copy(self, activity: Activity, file: str) -> bool:
        """Whether a file that was read before holds it, perhaps in the other format and on another clock."""
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
        """The prompt that made a canvas: the last one before it, of its conversation if that is known."""
        before = [
            (at, own)
            for own, (at, of, prompt_file) in self._prompts.items()
            if at and made - _AFTER <= at <= made and not _apart(file, prompt_file)
            if not chat or not of or self._root(chat) == self._root(of)
        ]
        return max(before)[1] if before else None


def _likeness(activity: Activity) -> str:
    """The same for an activity of JSON and of HTML: white space, marks and the zone are left out."""
    said = "".join(sign for answer in activity.answers for sign in answer if sign.isalnum())
    return hashed("".join(activity.title.split()), said, str(activity.clock))


def _apart(one: str, other: str) -> timedelta:
    """How far the times of an activity are apart in two files, whose clocks are the same in one format."""
    return timedelta(0) if PurePosixPath(one).suffix == PurePosixPath(other).suffix else _DAY
