"""Read ChatGPT's `conversations.json`, also in parts (`conversations-000.json`, …).

The file is a list of conversations. Each has a `mapping` of nodes by id, with `parent` and `message`, and
the `current_node` that the page shows. The sources are public descriptions, as of November 2026.
"""

from collections.abc import Iterator
from typing import Any

from thesis.importing.canvases import canvas_of, with_textdocs
from thesis.importing.chatgpt_tools import edits_of_call, is_known_tool, offered, parts_of
from thesis.importing.marks import as_shown
from thesis.importing.tree import turns_of
from thesis.importing.turns import Node, Remark, Turn, dict_of, dicts, iso_date, text_of

_SHOWN = ("text", "multimodal_text", "code")
_SILENT = frozenset(
    {
        "thoughts",
        "reasoning_recap",
        "user_editable_context",
        "model_editable_context",
        "execution_output",
        "system_error",
        "tether_browsing_display",
        "tether_browsing_code",
        "tether_quote",
        "sonic_webpage",
        "computer_output",
        "app_pairing_content",
        "citable_code_output",
        "super_widget",
    }
)
"""Kinds of messages that the page does not show as said."""
_HIDDEN_ROLES = ("system", "tool", "developer")
_SILENT_PARTS = frozenset(
    {
        "image_asset_pointer",
        "audio_asset_pointer",
        "real_time_user_audio_video_asset_pointer",
        "video_container_asset_pointer",
        "file_asset_pointer",
    }
)


def is_conversation(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("mapping"), dict)


def n_unread(conversation: dict[str, Any]) -> int:
    """Number of messages whose shape is not known."""
    nodes = conversation["mapping"].values()
    return sum(not (isinstance(one, dict) and isinstance(one.get("message"), dict | None)) for one in nodes)


def turns(conversation: dict[str, Any]) -> Iterator[Turn]:
    """The turns of a conversation."""
    listed = {id_: node for id_, node in conversation["mapping"].items() if isinstance(node, dict)}
    messages = {id_: dict_of(node, "message") for id_, node in listed.items()}
    model = text_of(conversation, "default_model_slug") or None
    nodes = {id_: _node(id_, node, model) for id_, node in listed.items()}
    own = text_of(conversation, "conversation_id", "id")
    leaf = text_of(conversation, "current_node") or None
    nodes = with_textdocs(nodes, messages, conversation.get("textdocs"), leaf)
    metadata = [dict_of(message, "metadata") for message in messages.values()]
    remarks = [_maker(conversation), *map(_maker, metadata)]
    remarks += [Remark.INSTRUCTIONS for message in messages.values() if _instructs(message)]
    # "Branch in new chat" copied messages, with their ids.
    sources = dict.fromkeys(text_of(one, "branching_from_conversation_id") for one in metadata)
    copied_from = [id_ for id_ in sources if id_ and id_ != own]
    yield from turns_of(own, nodes, leaf, tuple(dict.fromkeys(filter(None, remarks))), copied_from)


def _maker(value: dict[str, Any]) -> Remark | None:
    """Whether a custom GPT or a project is named; both have the same kind of id."""
    id_ = text_of(value, "gizmo_id", "conversation_template_id")
    if not id_.startswith("g-"):
        return None
    return Remark.PROJECT if id_.startswith("g-p-") or value.get("gizmo_type") == "snorlax" else Remark.CUSTOM


def _instructs(message: dict[str, Any]) -> bool:
    """Whether the message gives the account's instructions or memories to the model."""
    content = dict_of(message, "content")
    about = dict_of(dict_of(message, "metadata"), "user_context_message_data")
    written = text_of(content, "user_profile", "user_instructions", "model_set_context", "repo_summary")
    return bool(written or text_of(about, "about_user_message", "about_model_message"))


def _node(id_: str, node: dict[str, Any], model: str | None) -> Node:
    message, parent = node.get("message"), node.get("parent")
    parent = parent if isinstance(parent, str) else None
    if not isinstance(message, dict):
        return Node(id_, parent, "hidden")
    content, metadata = message.get("content"), dict_of(message, "metadata")
    role, tool = text_of(dict_of(message, "author"), "role"), text_of(message, "recipient") or "all"
    kind = "text" if isinstance(content, str) else text_of(dict_of(message, "content"), "content_type")
    parts = parts_of(content)
    is_said = role in ("user", "assistant") and tool == "all" and kind in _SHOWN
    texts = tuple(as_shown(text) for text in map(_text, parts) if text.strip() and is_said)
    unknown = _unknown(role, kind, tool, parts)
    is_call = role == "assistant" and tool != "all"
    edits = edits_of_call(tool, content) if is_call else offered(texts, message)
    hidden = (
        metadata.get("is_visually_hidden_from_conversation")
        or metadata.get("is_user_system_message")
        or message.get("channel") == "analysis"
        or kind in _SILENT
        or role in _HIDDEN_ROLES
        or (role != "user" and not (texts or edits or unknown))
    )
    is_canvas = role == "tool" and canvas_of(message) is not None  # shown, though a tool says it
    speaker: Any = "user" if role == "user" else "assistant"
    return Node(
        id_,
        parent,
        "assistant" if is_canvas else "hidden" if hidden else speaker,
        texts=texts,
        edits=edits,
        attached=tuple(text_of(one, "name") for one in dicts(metadata.get("attachments"))),
        model=text_of(metadata, "model_slug", "resolved_model_slug", "default_model_slug")
        or (None if is_canvas else model),
        date=iso_date(message.get("create_time")),
        unknown=unknown,
    )


def _unknown(role: str, kind: str, tool: str, parts: list[Any]) -> tuple[str, ...]:
    """Unknown things in a message, each as "role …", "message …", "part …" or "tool …"."""
    unknown = [f"role {role}"] * (role not in ("user", "assistant", *_HIDDEN_ROLES))
    if role in ("user", "assistant"):
        unknown += [f"message {kind}"] * (kind not in ("", *_SHOWN) and kind not in _SILENT)
        kinds = (text_of(part, "content_type") for part in dicts(parts) if not _text(part))
        unknown += [f"part {kind}" for kind in kinds if kind and kind not in _SILENT_PARTS]
    unknown += [f"tool {tool}"] * (role == "assistant" and not is_known_tool(tool))
    return tuple(unknown)


def _text(part: Any) -> str:
    """A part's text; speech has one, a picture has none."""
    if isinstance(part, str):
        return part
    return text_of(part, "text") if isinstance(part, dict) else ""
