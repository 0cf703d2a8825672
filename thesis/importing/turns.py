"""A message of the user and the answer to it, as the readers of all products give them."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

_ID = re.compile(r"[\w.:-]{1,100}")


class Unread(StrEnum):
    """Why something cannot be read; a reader gives such a text in place of a turn."""

    SHAPE = "a conversation of a shape that is not known: has the export changed?"
    MESSAGE = "a message of a shape that is not known: has the export changed?"
    CUT = "the page ends early: was the whole file copied?"
    ACTIVITY = "an activity of Gemini whose date or shape could not be read: paste its answer by hand"
    ZIP = "a zip in the export that cannot be opened: damaged, nested too deep, or it asks for a password"


class Remark(StrEnum):
    """A reason to look at an answer before it is written: something that may spoil the draw."""

    CUSTOM = "answered by a custom GPT or a Gem, which has its own instructions"
    PROJECT = "asked in a project, which may have its own instructions and files"
    INSTRUCTIONS = "answered under custom instructions or memories of the account"
    STYLE = "answered in a style that was chosen on the page"
    DOCUMENTS = "several documents with a profile beside one answer: all of them are taken, each as a draw"
    PIECES = (
        "the export holds several texts of one answer, which may be its pieces or regenerated answers; "
        "the first is taken, or all if the first is no whole answer: compare it with the page"
    )


class Beside(StrEnum):
    """Why an answer is not known: most are in a document beside the chat (a canvas, an artifact, a file)."""

    EDITS = "a document beside the chat, whose edits cannot be put together: paste those by hand"
    ELSEWHERE = "a document beside the chat, whose text is not in the export: paste those by hand"
    WHICH = "a canvas, and the export does not say which of several it is: paste those by hand"
    PUBLISHED = (
        "a document beside the chat, whose text is not in this file: import the folder that holds "
        "frames-000.zip too, or paste those by hand"
    )
    UNKNOWN = "answered by a message of a kind that is not known (named below): paste those by hand"
    FURTHER = (
        "a further text of one answer: a piece of it, or a regenerated one; the export does not say which"
    )


@dataclass(frozen=True)
class Turn:
    """A message of the user, and its answer."""

    conversation: str
    message: str
    """An id of the answer within its conversation."""
    asked: tuple[str, ...]
    """The typed text, then the long texts that the page turned into attachments."""
    attached: tuple[str, ...]
    """Names of the attached files."""
    first: bool
    """Whether the message begins its conversation."""
    shown: bool
    """False if the answer was regenerated or the message edited, so that the page hides it."""
    answer: str
    """"" if there is no answer, or if it is not known (see `beside`)."""
    model: str | None
    date: str | None
    """ISO 8601."""
    clock: tuple[int, int] | None = None
    """Gemini's minutes after the last quarter of an hour, and seconds; there, `date` may be the day alone."""
    beside: Beside | None = None
    remarks: tuple[Remark, ...] = ()
    unknown: tuple[str, ...] = ()
    """Kinds of messages and blocks that the reader does not know, in the export's words."""
    elsewhere: tuple[str, ...] = ()
    """Ids of documents beside the chat, whose texts may be in another file of the export."""
    copied_from: tuple[str, ...] = ()
    """Conversations from which this one copied messages with their ids."""
    first_message: str | None = None
    """The first message's id, which copies of the conversation share; None if it may not be unique."""


@dataclass(frozen=True)
class Edit:
    """A change of a document beside the chat (a canvas, an artifact, a file)."""

    kind: Literal["whole", "added", "replaced", "pattern", "inserted", "shown", "unclear", "lost"]
    """`pattern`: the replaced text is a regular expression; `shown`: the page offers the document unchanged;
    `unclear`: the page offers it, and it may be one of several; `lost`: the change is not in the export."""
    document: str
    """The document's id or file name; "" for the last one."""
    old: str = ""
    """The replaced text; for `inserted`, the number of the line above the new text."""
    new: str = ""
    many: bool = False
    """Whether every occurrence is replaced."""


@dataclass(frozen=True)
class Node:
    """A message of a conversation's tree."""

    id: str
    parent: str | None
    role: Literal["user", "assistant", "hidden"]
    texts: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    pasted: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    model: str | None = None
    date: str | None = None
    remarks: tuple[Remark, ...] = ()
    unknown: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; nothing for another value."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def dict_of(node: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The value of a key if it is an object; else {}."""
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def text_of(node: Mapping[str, Any], *keys: str) -> str:
    """The first value of the keys that is a text and not blank; else ""."""
    found = (node.get(key) for key in keys)
    return next((value for value in found if isinstance(value, str) and value.strip()), "")


def parsed(value: Any) -> Any:
    """The value of a text that is JSON; anything else unchanged.

    >>> parsed('{"a": 1}'), parsed("{a"), parsed(None)
    ({'a': 1}, '{a', None)
    """
    try:
        return json.loads(value, strict=False) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def safe_id(value: str) -> str:
    """The value if it looks like an id; else its hash, so that no text slips through.

    >>> safe_id("6a83bc98-6b9c"), safe_id("a title, perhaps")
    ('6a83bc98-6b9c', '820b1a919d0c4b90')
    """
    return value if _ID.fullmatch(value) else hashed(value)


def hashed(*parts: str | None) -> str:
    """16 hexadecimal digits."""
    return hashlib.sha256("\0".join(part or "" for part in parts).encode("utf-8", "replace")).hexdigest()[:16]


def iso_date(value: Any) -> str | None:
    """ISO 8601 in UTC to the second, of seconds since 1970 or of ISO 8601; None for anything else.

    >>> iso_date(1767225600.5), iso_date("2026-01-01T01:00:00.123+01:00"), iso_date("yesterday")
    ('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', None)
    """
    try:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(float(value), UTC)
        else:
            moment = datetime.fromisoformat(value)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
