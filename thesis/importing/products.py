"""The three products: which files of an export hold conversations, and how they are read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from stages.common.errors import UserError
from thesis.importing import chatgpt, claude, gemini
from thesis.importing.archive import Export, Member
from thesis.importing.gemini_html import html_turns
from thesis.importing.json_stream import TooLarge, json_items
from thesis.importing.stream import MAX_ITEM_BYTES, Metered
from thesis.importing.turns import Named, Turn, Unread

_CONVERSATIONS = re.compile(r"conversations([-_]\d+)?\.json", re.IGNORECASE)


@dataclass(frozen=True)
class Product:
    label: str
    is_conversation: Callable[[Any], bool]
    turns: Callable[[dict[str, Any]], Iterator[Turn]]
    in_it: str
    """The file to look for in an unpacked export."""


PRODUCTS = {
    "chatgpt": Product("ChatGPT", chatgpt.is_conversation, chatgpt.turns, "conversations.json"),
    "claude": Product("Claude", claude.is_conversation, claude.turns, "conversations.json"),
    "gemini": Product("Gemini", gemini.is_conversation, gemini.turns, "MyActivity.json or MyActivity.html"),
}


def wanted(name: PurePosixPath) -> bool:
    """Whether a file of a folder or zip may hold conversations.

    >>> [wanted(PurePosixPath(name)) for name in ("conversations-001.json", "a/user.json")]
    [True, False]
    """
    if name.suffix.lower() not in (".json", ".html"):
        return False
    folder = name.parent.name.lower()
    activity = "activity" in name.stem.lower() or ("gemini" in folder and not name.stem.startswith("gemini_"))
    is_list = _CONVERSATIONS.fullmatch(name.name) is not None
    return is_list or activity or (folder == "conversations" and name.suffix.lower() == ".json")


def members_of(export: Export, path: Path, source: str) -> list[Member]:
    """The files to read; of a Takeout only Gemini's, and its JSON if there is HTML as well."""
    members = export.members
    ours = [one for one in members if "gemini" in str(PurePosixPath(one.name).parent).lower()]
    if source == "gemini" and ours:
        members = ours
    if any(member.name.lower().endswith(".json") for member in members):
        members = [member for member in members if member.name.lower().endswith(".json")]
    if not members:
        label, in_it = PRODUCTS[source].label, PRODUCTS[source].in_it
        raise UserError(f"{path}: no file of a {label} export in it (expected {in_it})")
    return members


def turns_of(member: Member, source: str, advance: Callable[[int], object]) -> Iterator[Turn | Unread | Named]:
    """The turns of a file; UserError if it is another product's, or no export."""
    with Metered(member.open(), member.name, lambda _: None) as file:
        start = file.first_sign()
    if start == b"<":
        if source != "gemini":
            raise _wrong(member.name, source, "gemini")
        with Metered(member.open(), member.name, advance) as file:
            yield from html_turns(file)
    elif start:
        yield from _json_turns(member, source, advance)


def _json_turns(member: Member, source: str, advance: Callable[[int], object]) -> Iterator[Turn | Unread | Named]:
    product = PRODUCTS[source]
    n_read, other = 0, None
    for item in json_items(lambda: Metered(member.open(), member.name, advance)):
        if isinstance(item, TooLarge):
            yield Named(
                f"conversation {item.number} of {member.name}, larger than {MAX_ITEM_BYTES // 2**20} MB, "
                "is not read: paste its answers by hand"
            )
        elif product.is_conversation(item):
            n_read += 1
            yield from product.turns(item)
        else:
            other = other or next((name for name, one in PRODUCTS.items() if one.is_conversation(item)), None)
            if source != "gemini":  # whose file holds what was done with other products too
                yield Unread.SHAPE
    if not n_read and other:
        raise _wrong(member.name, source, other)


def _wrong(name: str, source: str, other: str) -> UserError:
    return UserError(
        f"{name}: not an export of {PRODUCTS[source].label}; it looks like one of {PRODUCTS[other].label}\n"
        f"Then: --source {other}"
    )
