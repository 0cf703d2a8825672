"""What a file is, told by its content and not by its name."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, Literal, TypeAlias

from stages.shell.errors import UserError
from thesis.importing import chatgpt, claude, gemini
from thesis.importing.gemini_html import MAX_TAG, Cards
from thesis.importing.json_stream import json_items
from thesis.importing.stream import Metered, too_large
from thesis.importing.turns import dicts
from thesis.importing.zips import Member

Source: TypeAlias = Literal["chatgpt", "claude", "gemini"]
N_ITEMS = 50
"""Of a list; in the first of them the kind shows."""
_MAGIC = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a text in RTF",
    b"PK\x03\x04": "a zip or an office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_BESIDE: dict[str, Source] = {
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
"""Files of an export that lie beside the conversations."""
_ON_PAGES: dict[str, Source] = {
    "ChatGPT": "chatgpt",
    "chat.openai.com": "chatgpt",
    "claude.ai": "claude",
    "gemini.google.com": "gemini",
}
_BY_OTHERS = "as extensions and programs of others export it: not an official export"
_TEXTS = (".md", ".markdown", ".txt", ".text")


@dataclass(frozen=True)
class Look:
    """What is known of a file after a look into it."""

    what: str
    product: Source | None = None
    """Whose file it seems to be."""
    holds: bool = False
    """Whether conversations or activities are in it."""
    sure: bool = True
    """False: a list whose items have a title and a time, which other files have too."""
    is_json: bool = False
    beside: bool = False
    """Whether it belongs to an export, and lies beside the file with the conversations."""


_MARKED = {
    b'"conversation_turns"': Look("a conversation of Gemini in Workspace, which is not read", "gemini"),
    b'"chunkedPrompt"': Look("a chat of AI Studio, which is not the page of Gemini", "gemini"),
    b'"powered_by"': Look(f"JSON, {_BY_OTHERS}"),
}


def look_at(member: Member) -> Look:
    """UserError if it is damaged JSON, or no UTF-8."""
    with member.open() as raw:
        start = raw.read(2**16)
    magic = next((what for sign, what in _MAGIC.items() if start.startswith(sign)), None)
    if magic:
        return Look(f"{magic}, no official export")
    with Metered(member.open(), member.name, lambda _: None) as file:
        sign = file.first_sign()
    if not sign:
        return Look("an empty file")
    if sign == b"<":
        return _look_at_page(member, start.decode("utf-8", "replace"))
    suffix, begins = PurePosixPath(member.name).suffix.lower(), sign in (b"[", b"{")
    if suffix == ".json" or (begins and suffix not in _TEXTS):
        return _look_at_json(member, start)
    with suppress(UserError):
        if begins:
            return _look_at_json(member, start)
    return Look(f"text or Markdown, {_BY_OTHERS}")


def most_telling(members: Sequence[Member]) -> Look:
    """The look at one of the files: one of a product that is known, if there is any."""
    looks = []
    for member in members:
        with suppress(UserError):
            looks.append(look_at(member))
    return min(looks, key=lambda look: look.product is None, default=Look("nothing that could be read"))


def _look_at_page(member: Member, start: str) -> Look:
    cards = Cards(member.name)
    with Metered(member.open(), member.name, lambda _: None) as file:
        for text in file.texts():
            cards.feed(text)
            if len(cards.rawdata) > MAX_TAG:
                raise too_large(member.name)
            file.mark()
            if cards.n_cards:
                return Look("a page of My Activity", "gemini", holds=True)
    product = _beside(member) or next((one for word, one in _ON_PAGES.items() if word in start), None)
    exported = product == "chatgpt" and ("ChatGPT Data Export" in start or "jsonData" in start)
    return Look("a page", product, beside=exported)


def _look_at_json(member: Member, start: bytes) -> Look:
    found = None
    for item in islice(json_items(lambda: Metered(member.open(), member.name, lambda _: None)), N_ITEMS):
        found = found or _loosely(item)
        known = _surely(item)
        if known:
            return known
    product = _beside(member)
    found = found or next((look for mark, look in _MARKED.items() if mark in start), None)
    return found or Look("JSON", product, is_json=product is None, beside=product is not None)


def _surely(item: Any) -> Look | None:
    if chatgpt.is_conversation(item):
        return Look("conversations", "chatgpt", holds=True)
    if claude.is_conversation(item):
        return Look("conversations", "claude", holds=True)
    if gemini.is_conversation(item) and {"header", "products", "safeHtmlItem"} & item.keys():
        return Look("My Activity", "gemini", holds=True)
    return None


def _loosely(item: Any) -> Look | None:
    listed = item.get("messages", [item]) if isinstance(item, dict) else []
    if isinstance(listed, list) and any({"role", "content"} <= one.keys() for one in dicts(listed)):
        return Look(f"JSON, {_BY_OTHERS}")
    is_activity = gemini.is_conversation(item)
    return Look("a list of activities", "gemini", holds=True, sure=False) if is_activity else None


def _beside(member: Member) -> Source | None:
    return _BESIDE.get(PurePosixPath(member.name).name.lower())
