"""Claude: `conversations.json`, or a folder `conversations/` with one file each.

A list of conversations with `chat_messages`; a message has `sender`, `content` (blocks) and, in older
exports, `text` alone. There is no name of a model. After public descriptions of the export, as of 2026.
"""

from collections.abc import Iterator
from typing import Any

from thesis.importing.tree import in_a_row, turns_of
from thesis.importing.turns import Edit, Node, Turn, dicts, hashed, iso_date, text_of

_ROLES = {"human": "user", "user": "user", "assistant": "assistant"}
_NOT_SHOWN_HERE = "```\nThis block is not supported on your current device yet.\n```"
"""Stands in `text` for what only `content` has."""


def is_conversation(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("chat_messages"), list)


def turns(conversation: dict[str, Any]) -> Iterator[Turn]:
    """The turns of one conversation of the export."""
    listed = [_node(message) for message in dicts(conversation["chat_messages"])]
    nodes = {node.id: node for node in listed}
    if not any(node.parent in nodes for node in listed):
        nodes = in_a_row(list(nodes.values()))
    leaf = text_of(conversation, "current_leaf_message_uuid") or None
    yield from turns_of(text_of(conversation, "uuid", "id"), nodes, leaf)


def _node(message: dict[str, Any]) -> Node:
    files = [
        *dicts(message.get("attachments")),
        *dicts(message.get("files")),
        *dicts(message.get("files_v2")),
    ]
    texts, edits = _texts(message), _edits(message)
    role: Any = _ROLES.get(text_of(message, "sender", "role"), "hidden")
    if role == "assistant" and not texts and not edits:
        role = "hidden"
    return Node(
        text_of(message, "uuid", "id") or hashed(*texts, text_of(message, "created_at")),
        text_of(message, "parent_message_uuid") or None,
        role,
        texts=texts,
        edits=edits,
        pasted=tuple(filter(None, (text_of(one, "extracted_content") for one in files))),
        attached=tuple(filter(None, (text_of(one, "file_name") for one in files))),
        date=iso_date(message.get("created_at")),
    )


def _texts(message: dict[str, Any]) -> tuple[str, ...]:
    """The blocks of text; not thoughts, calls of tools and their results."""
    blocks = [
        text_of(block, "text") for block in dicts(message.get("content")) if block.get("type") == "text"
    ]
    found = [text for text in blocks if text]
    return tuple(found or filter(None, [text_of(message, "text").replace(_NOT_SHOWN_HERE, "").strip()]))


def _edits(message: dict[str, Any]) -> tuple[Edit, ...]:
    calls = [block for block in dicts(message.get("content")) if block.get("type") == "tool_use"]
    found = [_edit(block["input"]) for block in calls if isinstance(block.get("input"), dict)]
    return tuple(edit for edit in found if edit is not None)


def _edit(call: dict[str, Any]) -> Edit | None:
    """An artifact (`content`), a file (`file_text`), or a change to either; None for other tools."""
    name = text_of(call, "id", "path")
    if isinstance(call.get("old_str"), str) and isinstance(call.get("new_str"), str):
        return Edit(name, call["old_str"], call["new_str"])
    whole = text_of(call, "content", "file_text")
    return Edit(name, None, whole) if whole and name else None
