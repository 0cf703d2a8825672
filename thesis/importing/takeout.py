"""The activities of a Takeout: which files hold them, and what only all of them together tell.

They are read twice. First: where each conversation begins, which activities are documents that another one
made, which ones stand in two files. Then their turns are made, one after the other.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import PurePosixPath

from stages.common.errors import UserError
from thesis.importing.gemini import Activity, activity_of, turns_of
from thesis.importing.gemini_html import html_activities
from thesis.importing.json_stream import TooLarge, json_items
from thesis.importing.stream import Metered
from thesis.importing.telling import Look, look_at
from thesis.importing.turns import Named, Turn, Unread, hashed
from thesis.importing.zips import Member

_AFTER = timedelta(minutes=15)
"""A document is made by the prompt before it, no longer ago than this."""
_DAY = timedelta(days=1, hours=2)
"""Clocks of two zones are not further apart."""
_MAX_FILE_BYTES = 2 * 2**20
_HASHED = re.compile(r".*-[0-9a-f]{16}\.\w+")
"""How Takeout names what was attached."""


def activities(member: Member, advance: Callable[[int], object]) -> Iterator[Activity | Unread | Named]:
    """Of JSON or HTML; activities of other products are left out."""
    with Metered(member.open(), member.name, lambda _: None) as file:
        is_page = file.first_sign() == b"<"
    if is_page:
        with Metered(member.open(), member.name, advance) as file:
            yield from html_activities(file)
        return
    for item in json_items(lambda: Metered(member.open(), member.name, advance)):
        found = item.named(member.name) if isinstance(item, TooLarge) else activity_of(item)
        if found is not None:
            yield found


def known(member: Member) -> Iterator[Activity]:
    """The activities that could be read."""
    return (one for one in activities(member, lambda _: None) if isinstance(one, Activity))


def activity_files(members: Sequence[Member]) -> list[Member]:
    """The files that hold activities, JSON first; of a file that was attached to a chat, none.

    Raises:
        UserError: one is damaged that is called as such files are, or it is the only one.
    """
    looks: list[tuple[Member, Look]] = []
    for member in members:
        try:
            looks.append((member, look_at(member)))
        except UserError:
            if len(members) == 1 or _is_named_activity(member):
                raise
    holding = [(member, look) for member, look in looks if look.holds and look.product == "gemini"]
    sure = [member for member, look in holding if look.sure] or [member for member, _ in holding]
    found = _not_attached([member for member in sure if not _HASHED.fullmatch(member.name)] or sure)
    return sorted(found, key=lambda member: member.name.lower().endswith((".html", ".htm")))


def takeout_turns(
    members: Sequence[Member], beside: Iterable[Member], advance: Callable[[int], object]
) -> Iterator[Turn | Unread | Named]:
    """The turns of all activities, each once.

    Args:
        members: the files with activities, JSON first.
        beside: the other files of the export: what was attached.
    """
    survey = Survey()
    named = [(f"{number} {member.name}", member) for number, member in enumerate(members)]
    for name, member in named:
        for activity in known(member):
            survey.add(activity, name)
    survey.settle()
    files = {_file_name(member): member for member in beside if member.size <= _MAX_FILE_BYTES}
    for name, member in named:
        for found in activities(member, advance):
            if not isinstance(found, Activity):
                yield found
            elif not found.is_canvas and not survey.is_copy(found, name):
                texts = [_text(files[name]) for name in found.attached if name in files]
                chat, first = survey.conversation(found), survey.is_first(found)
                yield from turns_of(found, chat, first, survey.documents.get(found.own), texts)


@dataclass
class Survey:
    """What is known of all activities together."""

    documents: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The texts of the canvases that an activity made, the last one last."""
    _prompts: dict[str, tuple[datetime | None, str]] = field(default_factory=dict)
    """Time and conversation, by the activity's own id."""
    _canvases: list[Activity] = field(default_factory=list)
    _same: dict[str, str] = field(default_factory=dict)
    """A conversation's id to an earlier one."""
    _starts: dict[str, str | None] = field(default_factory=dict)
    """The first activity of a conversation; None if that is not known."""
    _seen: dict[str, list[tuple[str, datetime | None]]] = field(default_factory=lambda: defaultdict(list))
    """The file and the time of the activities that look alike."""

    def add(self, activity: Activity, file: str) -> None:
        for chat in activity.chats[1:]:
            self._same[self._root(chat)] = self._root(activity.chats[0])
        if activity.is_canvas:
            self._canvases.append(activity)
            return
        self._prompts[activity.own] = (activity.at, "".join(activity.chats[:1]))
        self._seen[_likeness(activity)].append((file, activity.at))

    def settle(self) -> None:
        """Called once, after the last `add`."""
        starts: dict[str, list[tuple[datetime | None, str]]] = defaultdict(list)
        for own, (at, chat) in self._prompts.items():
            if chat:
                starts[self._root(chat)].append((at, own))
        for chat, found in starts.items():
            timed = [(at, own) for at, own in found if at]
            if len(found) == 1:
                self._starts[chat] = found[0][1]
            else:
                self._starts[chat] = min(timed)[1] if len(timed) == len(found) else None
        for _, canvas in sorted(
            ((one.at, one) for one in self._canvases if one.at), key=lambda timed: timed[0]
        ):
            maker = self._maker(canvas)
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

    def _maker(self, canvas: Activity) -> str | None:
        """The prompt that made a canvas: the last one before it, of its conversation if that is known."""
        chat = "".join(canvas.chats[:1])
        before = [
            (at, own)
            for own, (at, of) in self._prompts.items()
            if at and canvas.at and canvas.at - _AFTER <= at <= canvas.at
            if not chat or not of or self._root(chat) == self._root(of)
        ]
        return max(before)[1] if before else None


def _likeness(activity: Activity) -> str:
    """The same for an activity of JSON and of HTML: white space, marks and the zone are left out."""
    said = "".join(sign for answer in activity.answers for sign in answer if sign.isalnum())
    return hashed("".join(activity.title.split()), said, str(activity.clock))


def _apart(one: str, other: str) -> timedelta:
    """How far the times of an activity are apart in two files."""
    return timedelta(0) if PurePosixPath(one).suffix == PurePosixPath(other).suffix else _DAY


def _not_attached(members: list[Member]) -> list[Member]:
    """Without those that were attached to a chat of another one."""
    if len(members) < 2:
        return members
    attached = {name for member in members for activity in known(member) for name in activity.attached}
    return [member for member in members if _file_name(member) not in attached] or members


def _file_name(member: Member) -> str:
    return PurePosixPath(member.name).name


def _is_named_activity(member: Member) -> bool:
    return "activity" in _file_name(member).lower() and not _HASHED.fullmatch(member.name)


def _text(member: Member) -> str:
    with member.open() as file:
        return file.read().decode("utf-8", "replace")
