"""The three products: which files of an export hold conversations, and how they are read."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stages.shell.errors import UserError
from thesis.importing import chatgpt, claude
from thesis.importing.archive import Export
from thesis.importing.json_stream import TooLarge, json_items
from thesis.importing.stream import Metered
from thesis.importing.takeout import activity_files, takeout_turns
from thesis.importing.telling import Look, look_at, most_telling
from thesis.importing.turns import Named, Turn, Unread
from thesis.importing.zips import Member

_CONVERSATIONS = re.compile(r"(?:[0-9a-f]{8,}\w*[-_])?conversations(?:[^a-z].*)?\.json", re.IGNORECASE)


@dataclass(frozen=True)
class Product:
    label: str
    in_it: str
    """The file to look for in an unpacked export."""


PRODUCTS = {
    "chatgpt": Product("ChatGPT", "conversations.json"),
    "claude": Product("Claude", "conversations.json"),
    "gemini": Product(
        "Gemini", 'MyActivity.json or MyActivity.html: of "My Activity" in Takeout, not "Gemini"'
    ),
}
_TREES = {"chatgpt": chatgpt, "claude": claude}
"""They read conversations; activities of Gemini are read by takeout.py."""


def wanted(name: PurePosixPath) -> bool:
    """Whether a file of a folder or zip may hold conversations, or was attached to one of Gemini.

    >>> [wanted(PurePosixPath(name)) for name in ("conversations (1).json", "shared_conversations.json")]
    [True, False]
    """
    if name.suffix.lower() not in (".json", ".html", ".htm"):
        return False
    folder = name.parent.name.lower()
    activity = "activity" in name.stem.lower().replace(" ", "") or "gemini" in folder
    is_list = _CONVERSATIONS.fullmatch(name.name) is not None
    return is_list or activity or (folder == "conversations" and name.suffix.lower() == ".json")


def members_of(export: Export, path: Path, source: str) -> list[Member]:
    """The files to read: of a Takeout those with activities of Gemini, else the JSON."""
    members = export.members
    if source == "gemini":
        ours = [one for one in members if "gemini" in str(PurePosixPath(one.name).parent).lower()]
        found = activity_files(ours) or activity_files(members)
        if members and not found:  # without their names: they may be those of attached files
            raise _refusal(str(path), most_telling(members), source)
        members = found
    elif any(member.name.lower().endswith(".json") for member in members):
        members = [member for member in members if member.name.lower().endswith(".json")]
    if not members:
        label, in_it = PRODUCTS[source].label, PRODUCTS[source].in_it
        raise UserError(f"{path}: no file of a {label} export in it (expected {in_it})")
    return members


def turns_of(
    members: Sequence[Member], export: Export, source: str, advance: Callable[[int], object]
) -> Iterator[Turn | Unread | Named]:
    """The turns of the files; UserError if one is another product's, or no export."""
    if source == "gemini":
        read = {member.name for member in members}
        beside = [member for member in export.members if member.name not in read]
        yield from takeout_turns(members, beside, advance)
        return
    for member in members:
        look = look_at(member)
        if (look.holds and look.product != source) or not (look.holds or look.is_json):
            raise _refusal(member.name, look, source)
        yield from _json_turns(member, source, advance)


def _json_turns(
    member: Member, source: str, advance: Callable[[int], object]
) -> Iterator[Turn | Unread | Named]:
    reader = _TREES[source]
    for item in json_items(lambda: Metered(member.open(), member.name, advance)):
        if isinstance(item, TooLarge):
            yield item.named(member.name)
        elif reader.is_conversation(item):
            yield from [Unread.MESSAGE] * reader.n_unread(item)
            yield from reader.turns(item)
        else:
            yield Unread.SHAPE


def _refusal(name: str, look: Look, source: str) -> UserError:
    """What was found, which product it looks like, which file to take."""
    product, other = PRODUCTS[source], PRODUCTS.get(look.product or "", PRODUCTS[source])
    switch = f" with --source {look.product}" if other != product else ""
    if look.holds:
        return UserError(
            f"{name}: not an export of {product.label}; it looks like one of {other.label}\nThen:{switch[5:]}"
        )
    whose = f", of {other.label} as it seems" if look.product else ""
    remedy = f"Take {other.in_it}"
    if look.beside:
        remedy = f"Take {other.in_it} beside it{switch}"
    else:
        remedy += "; or paste the answers by hand: thesis prompts"
    found = f"{name}: holds no conversation of {product.label} that could be read: {look.what}{whose}"
    return UserError(f"{found}\n{remedy}")
