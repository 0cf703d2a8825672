"""The activities of a Takeout.

They are read twice. The first reading finds where each conversation begins, which activities are documents
that another one made, and which ones are in two files. The second makes the turns, one after the other.
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
from thesis.importing.turns import Turn
from thesis.importing.zips import Member

_MAX_FILE_BYTES = 2 * 2**20
_HASHED = re.compile(r".*-[0-9a-f]{16}\.\w+")
"""Names that Takeout gives to attached files."""


def activities(member: Member, advance: Callable[[int], object] = lambda _: None) -> Iterator[Activity | str]:
    """The activities of JSON or HTML without those of other products, or why one cannot be read."""
    with Metered(member.open(), member.name) as file:
        is_page = file.first_sign() == b"<"
    if is_page:
        with Metered(member.open(), member.name, advance) as file:
            yield from html_activities(file)
        return
    for item in json_items(lambda: Metered(member.open(), member.name, advance)):
        found = item.reason(member.name) if isinstance(item, TooLarge) else activity_of(item)
        if found is not None:
            yield found


def activity_files(members: Sequence[Member]) -> list[Member]:
    """The files that hold activities, JSON first, without files that were attached to a chat.

    Raises:
        UserError: a file is damaged, and its name is that of an activity file or it is the only file.
    """
    looks: list[tuple[Member, Look]] = []
    for member in members:
        try:
            looks.append((member, look_at(member)))
        except UserError:
            is_named = "activity" in _file_name(member).lower() and not _HASHED.fullmatch(member.name)
            if len(members) == 1 or is_named:
                raise
    holding = [(member, look) for member, look in looks if look.holds and look.product == "gemini"]
    sure = [member for member, look in holding if look.sure] or [member for member, _ in holding]
    found = _not_attached([member for member in sure if not _HASHED.fullmatch(member.name)] or sure)
    return sorted(found, key=lambda member: member.name.lower().endswith((".html", ".htm")))


def takeout_turns(
    members: Sequence[Member], beside: Iterable[Member], advance: Callable[[int], object]
) -> Iterator[Turn | str]:
    """The turns of all activities, each once.

    Args:
        members: the files with activities, JSON first.
        beside: the other files of the export, some of which were attached.
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
        for found in activities(member):
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
    """The files without those that were attached to a chat of another file."""
    if len(members) < 2:
        return members
    found = (one for member in members for one in activities(member) if isinstance(one, Activity))
    attached = {name for activity in found for name in activity.attached}
    return [member for member in members if _file_name(member) not in attached] or members


def _file_name(member: Member) -> str:
    return PurePosixPath(member.name).name


def _text(member: Member) -> str:
    with member.open() as file:
        return file.read().decode("utf-8", "replace")
