"""ChatGPT: `conversations.json`, also in parts (`conversations-000.json`, …).

A list of conversations; each has a `mapping` of nodes by id, with `parent` and `message`, and the
`current_node` that is shown. After public descriptions of the export, as of 2026.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from thesis.importing.tree import turns_of
from thesis.importing.turns import Edit, Node, Turn, dicts, iso_date, text_of

_SHOWN = ("text", "multimodal_text", "code")
_CANVAS = ("canmore.create_textdoc", "canmore.update_textdoc")
_MARKS = re.compile("\ue200[^\ue201]{0,500}\ue201|【[^【】]{0,100}†[^【】]{0,100}】")
"""Citations: between two private characters, or 【12†source】."""


def is_conversation(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("mapping"), dict)


def turns(conversation: dict[str, Any]) -> Iterator[Turn]:
    """The turns of one conversation of the export."""
    nodes = {id_: _node(id_, node) for id_, node in conversation["mapping"].items() if isinstance(node, dict)}
    leaf = conversation.get("current_node")
    yield from turns_of(text_of(conversation, "conversation_id", "id"), nodes, leaf)


def _node(id_: str, node: dict[str, Any]) -> Node:
    message, parent = node.get("message"), node.get("parent")
    parent = parent if isinstance(parent, str) else None
    if not isinstance(message, dict):
        return Node(id_, parent, "hidden")
    metadata = _dict(message, "metadata")
    texts, edits = _texts(message), _edits(message)
    return Node(
        id_,
        parent,
        _role(message, metadata, bool(texts or edits)),
        texts=texts,
        edits=edits,
        attached=tuple(text_of(one, "name") for one in dicts(metadata.get("attachments"))),
        model=text_of(metadata, "model_slug") or None,
        date=iso_date(message.get("create_time")),
    )


def _role(message: dict[str, Any], metadata: dict[str, Any], says_something: bool) -> Any:
    role = _dict(message, "author").get("role")
    hidden = metadata.get("is_visually_hidden_from_conversation") or message.get("channel") == "analysis"
    if hidden or role not in ("user", "assistant") or (role == "assistant" and not says_something):
        return "hidden"
    shown = _dict(message, "content").get("content_type") in _SHOWN
    return role if shown or _is_canvas(message) else "hidden"


def _texts(message: dict[str, Any]) -> tuple[str, ...]:
    """What is shown; not what is said to a tool."""
    content = _dict(message, "content")
    if message.get("recipient") not in (None, "all") or content.get("content_type") not in _SHOWN:
        return ()
    parts = content.get("parts")
    found = [_part(part) for part in parts] if isinstance(parts, list) else [text_of(content, "text")]
    return tuple(_MARKS.sub("", text) for text in found if text.strip())


def _edits(message: dict[str, Any]) -> tuple[Edit, ...]:
    """The canvas: created with `content`, updated by `updates` of pattern and replacement."""
    if not _is_canvas(message):
        return ()
    content = _dict(message, "content")
    parts = content.get("parts")
    said = [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []
    try:
        call = json.loads(text_of(content, "text") or "".join(said))
    except (ValueError, RecursionError):
        return (Edit("", "", ""),)  # an edit that fits nothing: the document is not known
    if not isinstance(call, dict):
        return ()
    if isinstance(call.get("content"), str):
        return (Edit("", None, call["content"]),)
    return tuple(_update(one) for one in dicts(call.get("updates")))


def _update(update: dict[str, Any]) -> Edit:
    pattern, new = update.get("pattern"), update.get("replacement")
    whole = pattern == ".*"
    return Edit("", None if whole else str(pattern or ""), new if isinstance(new, str) else "")


def _is_canvas(message: dict[str, Any]) -> bool:
    return message.get("recipient") in _CANVAS


def _dict(node: dict[str, Any], key: str) -> dict[str, Any]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _part(part: Any) -> str:
    """A text; of an object its text, if it has one (speech has, a picture has not)."""
    if isinstance(part, str):
        return part
    return text_of(part, "text") if isinstance(part, dict) else ""
