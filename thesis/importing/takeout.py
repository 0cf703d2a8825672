"""The activities of a Takeout: which files hold them, and what only all of them together tell.

They are read twice. First: where each conversation begins, which activities are documents that another one
made, which ones stand in two files. Then their turns are made, one after the other.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from stages.shell.errors import UserError
from thesis.importing.activity import Activity, turns_of
from thesis.importing.gemini import activity_of
from thesis.importing.gemini_html import html_activities
from thesis.importing.json_stream import TooLarge, json_items
from thesis.importing.stream import Metered
from thesis.importing.survey import Survey
from thesis.importing.telling import Look, look_at
from thesis.importing.turns import Named, Turn, Unread
from thesis.importing.zips import Member

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
    named = [(f"{number} {member.name}", member) for number, member in enumerate(members)]
    survey = _surveyed(named)
    files = {_file_name(member): member for member in beside if member.size <= _MAX_FILE_BYTES}
    for name, member in named:
        for found in activities(member, advance):
            if not isinstance(found, Activity):
                yield found
            elif not found.is_canvas and not survey.is_copy(found, name):
                texts = [_text(files[name]) for name in found.attached if name in files]
                chat, first = survey.conversation(found), survey.is_first(found)
                yield from turns_of(found, chat, first, survey.documents.get(found.own), texts)


def _surveyed(members: Sequence[tuple[str, Member]]) -> Survey:
    survey, any_found = Survey(), False
    for name, member in members:
        for found in activities(member, lambda _: None):
            any_found = True
            if isinstance(found, Activity):
                survey.add(found, name)
    if not any_found:
        raise UserError(
            f"{members[0][1].name}: holds no conversation of Gemini that could be read, but activities of "
            'other products\nIn Takeout choose My Activity, and there "Gemini Apps"'
        )
    survey.settle()
    return survey


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
