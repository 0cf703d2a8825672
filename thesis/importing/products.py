"""The files of an export that hold conversations, and their readers."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from stages.common.look import CHATS
from stages.shell.errors import UserError
from thesis.importing import chatgpt, claude
from thesis.importing.json_stream import TooLarge, json_items
from thesis.importing.stream import Metered
from thesis.importing.takeout import activity_files, takeout_turns
from thesis.importing.telling import Look, look_at, most_telling
from thesis.importing.turns import Turn, Unread
from thesis.importing.zips import Member

_CONVERSATIONS = re.compile(r"(?:[0-9a-f]{8,}\w*[-_])?conversations(?:[^a-z].*)?\.json", re.IGNORECASE)
_TO_TAKE = {
    "chatgpt": "conversations.json",
    "claude": "conversations.json",
    "gemini": 'MyActivity.json or MyActivity.html: of "My Activity" in Takeout, not "Gemini"',
}
_READERS = {"chatgpt": chatgpt, "claude": claude}
"""Readers of conversations; takeout.py reads the activities of Gemini."""


def wanted(name: PurePosixPath) -> bool:
    """Whether a file may hold conversations, or was attached to one of Gemini.

    >>> [wanted(PurePosixPath(name)) for name in ("conversations (1).json", "shared_conversations.json")]
    [True, False]
    """
    if name.suffix.lower() not in (".json", ".html", ".htm"):
        return False
    folder = name.parent.name.lower()
    activity = "activity" in name.stem.lower().replace(" ", "") or "gemini" in folder
    is_list = _CONVERSATIONS.fullmatch(name.name) is not None
    return is_list or activity or (folder == "conversations" and name.suffix.lower() == ".json")


def files_to_read(members: Sequence[Member], path: Path, source: str) -> list[Member]:
    """A Takeout's files with activities of Gemini; another export's JSON, or all files if it holds none."""
    if source == "gemini":
        ours = [one for one in members if "gemini" in str(PurePosixPath(one.name).parent).lower()]
        found = activity_files(ours) or activity_files(members)
        if members and not found:  # without names of members, which may be names of attached files
            raise _refusal(str(path), most_telling(members), source)
    else:
        found = [one for one in members if one.name.lower().endswith(".json")] or [*members]
    if not found:
        raise UserError(f"{path}: holds no file of a {CHATS[source]} export (expected {_TO_TAKE[source]})")
    return found


def turns_of(
    members: Sequence[Member], attached: Sequence[Member], source: str, advance: Callable[[int], object]
) -> Iterator[Turn | str]:
    """The turns of the files; UserError if a file is another product's, or no export."""
    if source == "gemini":
        yield from takeout_turns(members, attached, advance)
        return
    for member in members:
        look = look_at(member)
        if (look.holds and look.product != source) or not (look.holds or look.is_json):
            raise _refusal(member.name, look, source)
        yield from _json_turns(member, source, advance)


def _json_turns(member: Member, source: str, advance: Callable[[int], object]) -> Iterator[Turn | str]:
    reader = _READERS[source]
    for item in json_items(lambda: Metered(member.open(), member.name, advance)):
        if isinstance(item, TooLarge):
            yield item.reason(member.name)
        elif reader.is_conversation(item):
            yield from [Unread.MESSAGE] * reader.n_unread(item)
            yield from reader.turns(item)
        else:
            yield Unread.SHAPE


def _refusal(name: str, look: Look, source: str) -> UserError:
    """An error that names the file's kind, the product it looks like, and the file to take."""
    product = look.product or source
    label, switch = CHATS[source], f"--source {product}"
    if look.holds:
        return UserError(
            f"{name}: not an export of {label}; it looks like one of {CHATS[product]}\nThen: {switch}"
        )
    whose = f", apparently of {CHATS[product]}" if look.product else ""
    remedy = f"Take {_TO_TAKE[product]}"
    if look.beside:
        remedy += " beside it" + (f" with {switch}" if product != source else "")
    else:
        remedy += "; or paste the answers by hand: thesis prompts"
    return UserError(
        f"{name}: holds no conversation of {label} that could be read: {look.what}{whose}\n{remedy}"
    )
