"""Tell what a file is by its content."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from stages.shell.errors import UserError
from thesis.importing import chatgpt, claude, gemini
from thesis.importing.gemini_html import MAX_TAG, Cards
from thesis.importing.json_stream import json_items
from thesis.importing.stream import Metered, too_large
from thesis.importing.turns import dicts
from thesis.importing.zips import Member

N_ITEMS = 50
"""Number of items that are looked at: the first ones show the kind of a list."""
_MAGIC = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a text in RTF",
    b"PK\x03\x04": "a zip or an office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_BESIDE = {
    "chat.html": "chatgpt",
    "user.json": "chatgpt",
    "user_settings.json": "chatgpt",
    "message_feedback.json": "chatgpt",
    "model_comparisons.json": "chatgpt",
    "shared_conversations.json": "chatgpt",
    "users.json": "claude",
    "projects.json": "claude",
    "memories.json": "claude",
}
"""Files of an export beside the conversations, and the product."""
_ON_PAGES = {
    "ChatGPT": "chatgpt",
    "chat.openai.com": "chatgpt",
    "claude.ai": "claude",
    "gemini.google.com": "gemini",
}
_BY_OTHERS = "as browser extensions and other programs write it: not an official export"
_TEXTS = (".md", ".markdown", ".txt", ".text")


@dataclass(frozen=True)
class Look:
    """The result of a look into a file."""

    what: str
    product: str | None = None
    """The product that seems to have written it."""
    holds: bool = False
    """Whether it holds conversations or activities."""
    sure: bool = True
    """False for a list whose items have a title and a time, which other files have too."""
    is_json: bool = False
    beside: bool = False
    """Whether it is a file of an export beside the one with the conversations."""


_MARKED = {
    b'"conversation_turns"': Look("a conversation of Gemini in Workspace, which is not read", "gemini"),
    b'"chunkedPrompt"': Look("a chat of AI Studio, which is not the page of Gemini", "gemini"),
    b'"powered_by"': Look(f"JSON, {_BY_OTHERS}"),
}


def look_at(member: Member) -> Look:
    """The kind of a file; UserError if it is damaged JSON, or not UTF-8."""
    with member.open() as raw:
        start = raw.read(2**16)
    magic = next((what for sign, what in _MAGIC.items() if start.startswith(sign)), None)
    if magic:
        return Look(f"{magic}, not an official export")
    with Metered(member.open(), member.name) as file:
        sign = file.first_sign()
    if not sign:
        return Look("an empty file")
    if sign == b"<":
        return _look_at_page(member, start.decode("utf-8", "replace"))
    suffix, begins = PurePosixPath(member.name).suffix.lower(), sign in (b"[", b"{")
    if suffix == ".json" or begins:
        try:
            return _look_at_json(member, start)
        except UserError:
            if suffix not in _TEXTS:
                raise
    return Look(f"text or Markdown, {_BY_OTHERS}")


def most_telling(members: Sequence[Member]) -> Look:
    """The look at one of the files, if possible at one of a known product."""
    looks = []
    for member in members:
        with suppress(UserError):
            looks.append(look_at(member))
    return min(looks, key=lambda look: look.product is None, default=Look("nothing that could be read"))


def _look_at_page(member: Member, start: str) -> Look:
    cards = Cards(member.name)
    with Metered(member.open(), member.name) as file:
        for text in file.texts():
            cards.feed(text)
            if len(cards.rawdata) > MAX_TAG:
                raise too_large(member.name)
            file.mark()
            if cards.n_cards:
                return Look("a page of My Activity", "gemini", holds=True)
    product = _BESIDE.get(_name(member)) or next(
        (one for word, one in _ON_PAGES.items() if word in start), None
    )
    exported = product == "chatgpt" and ("ChatGPT Data Export" in start or "jsonData" in start)
    return Look("a page", product, beside=exported)


def _look_at_json(member: Member, start: bytes) -> Look:
    found = None
    for item in islice(json_items(lambda: Metered(member.open(), member.name)), N_ITEMS):
        found = found or _loosely(item)
        known = _surely(item)
        if known:
            return known
    product = _BESIDE.get(_name(member))
    found = found or next((look for mark, look in _MARKED.items() if mark in start), None)
    return found or Look("JSON", product, is_json=product is None, beside=product is not None)


def _surely(item: Any) -> Look | None:
    for product, reader in (("chatgpt", chatgpt), ("claude", claude)):
        if reader.is_conversation(item):
            return Look("conversations", product, holds=True)
    if gemini.is_activity(item) and {"header", "products", "safeHtmlItem"} & item.keys():
        return Look("My Activity", "gemini", holds=True)
    return None


def _loosely(item: Any) -> Look | None:
    listed = item.get("messages", [item]) if isinstance(item, dict) else []
    if isinstance(listed, list) and any({"role", "content"} <= one.keys() for one in dicts(listed)):
        return Look(f"JSON, {_BY_OTHERS}")
    return (
        Look("a list of activities", "gemini", holds=True, sure=False) if gemini.is_activity(item) else None
    )


def _name(member: Member) -> str:
    return PurePosixPath(member.name).name.lower()
