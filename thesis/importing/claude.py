"""Read Claude's `conversations.json`, or a folder `conversations/` with one file per conversation.

A conversation has `chat_messages`; a message has `sender`, `content` (blocks) and, in older exports, only
`text`. Only files that browser extensions save name a model. The sources are public descriptions, as of
November 2026.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from thesis.importing.claude_tools import edits_of_calls, ids_in, links_in, unknown_tools
from thesis.importing.tree import turns_of
from thesis.importing.turns import Edit, Node, Remark, Turn, dicts, hashed, iso_date, parsed, text_of

_ROLES = {"human": "user", "user": "user", "assistant": "assistant"}
_NOT_SHOWN_HERE = re.compile(
    r"(?:```\s*)?(?:This block is not supported on your current device yet|"
    r"Viewing artifacts created via [^\n]{0,80} supported on mobile)\.(?:\s*```)?"
)
"""Placeholders in `text` for documents that only `content` holds."""
_SAID = ("text", "voice_note")
_SILENT = frozenset(
    {
        "thinking",
        "redacted_thinking",
        "tool_use",
        "tool_result",
        "server_tool_use",
        "token_budget",
        "flag",
        "image",
        "document",
    }
)
"""Kinds of blocks that the page does not show as said."""
_THOUGHT = re.compile(r"<antThinking>.*?</antThinking>", re.DOTALL)
_ARTIFACT = re.compile(r"<antArtifact\b(?P<head>[^>]*)>(?P<text>.*?)(?:</antArtifact>|\Z)", re.DOTALL)
_NAME = re.compile(r'identifier="([^"]*)"')


def is_conversation(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("chat_messages"), list)


def n_unread(conversation: dict[str, Any]) -> int:
    """Number of messages whose shape is not known."""
    return sum(not isinstance(one, dict) for one in conversation["chat_messages"])


def turns(conversation: dict[str, Any]) -> Iterator[Turn]:
    """The turns of a conversation."""
    model = text_of(conversation, "model") or None
    in_project = isinstance(conversation.get("project"), dict) or text_of(conversation, "project_uuid")
    remarks = (Remark.PROJECT,) if in_project else ()
    listed = [_node(message, model) for message in dicts(conversation["chat_messages"])]
    nodes = {node.id: node for node in listed}
    if not any(node.parent in nodes for node in listed):
        above = [None, *nodes]  # an export without a tree: each message follows the one before
        nodes = {id_: replace(node, parent=above[n]) for n, (id_, node) in enumerate(nodes.items())}
    leaf = text_of(conversation, "current_leaf_message_uuid") or None
    yield from turns_of(text_of(conversation, "uuid", "id"), nodes, leaf, remarks)


def _node(message: dict[str, Any], model: str | None) -> Node:
    files = [file for key in ("attachments", "files", "files_v2") for file in dicts(message.get(key))]
    blocks = _blocks(message)
    texts, edits = _said(message, blocks)
    sender = text_of(message, "sender", "role")
    role: Any = _ROLES.get(sender, "assistant")
    if sender not in _ROLES:
        texts, edits = (), ()
    kinds = [text_of(block, "type") for block in blocks]
    unknown = [f"block {kind}" for kind in kinds if kind not in _SAID and kind not in _SILENT]
    unknown += [f"sender {sender}"] * (sender not in _ROLES) + unknown_tools(blocks)
    if role == "assistant" and not texts and not edits and not unknown:
        role = "hidden"
    return Node(
        text_of(message, "uuid", "id") or hashed(*texts, text_of(message, "created_at")),
        text_of(message, "parent_message_uuid") or None,
        role,
        texts=texts,
        edits=edits,
        pasted=tuple(filter(None, (text_of(one, "extracted_content") for one in files))),
        attached=tuple(filter(None, (text_of(one, "file_name") for one in files))),
        model=text_of(message, "model") or model,
        date=iso_date(message.get("created_at")),
        remarks=(Remark.STYLE,) if list(dicts(message.get("personalized_styles"))) else (),
        unknown=tuple(unknown),
        elsewhere=(*ids_in(blocks), *links_in(texts)) if edits else (),
    )


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of a message, which may be a text of JSON or plain texts."""
    content = message.get("content")
    if isinstance(content, str):
        value = parsed(content)
        value = [value] if isinstance(value, dict) else value
        is_blocks = isinstance(value, list) and value and all(_is_block(one) for one in value)
        content = value if is_blocks else [content]
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return []
    listed = [{"type": "text", "text": one} if isinstance(one, str) else one for one in content]
    return list(dicts(listed))


def _is_block(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("type"), str)


def _said(message: dict[str, Any], blocks: list[dict[str, Any]]) -> tuple[tuple[str, ...], tuple[Edit, ...]]:
    """The texts, and the documents beside them, without thoughts and results of tools."""
    found = [text_of(block, "text") for block in blocks if block.get("type") in _SAID]
    if not any(found):
        found = [text_of(message, "text")]
    artifacts = [_artifact(tag) for text in found for tag in _ARTIFACT.finditer(text)]
    edits = (*artifacts, *edits_of_calls(blocks))
    edits += tuple(Edit("shown", id_) for id_ in links_in(found))
    if not edits and any(_NOT_SHOWN_HERE.search(text) for text in found):
        edits = (Edit("lost", "?"),)
    texts = (_NOT_SHOWN_HERE.sub("", _ARTIFACT.sub("", _THOUGHT.sub("", text))) for text in found)
    return tuple(text.strip() for text in texts if text.strip()), edits


def _artifact(tag: re.Match[str]) -> Edit:
    """An artifact inside a text, as in 2024."""
    name = _NAME.search(tag["head"])
    return Edit("whole", name[1] if name else "artifact", new=tag["text"].strip())
