"""ChatGPT: `conversations.json`, also in parts (`conversations-000.json`, …).

A list of conversations; each has a `mapping` of nodes by id, with `parent` and `message`, and the
`current_node` that is shown. After public descriptions of the export, as of November 2026.
"""

from collections.abc import Iterator
from typing import Any

from thesis.importing.canvases import canvas_of, with_textdocs
from thesis.importing.chatgpt_tools import edits_of_call, is_known_tool, offered
from thesis.importing.marks import as_shown
from thesis.importing.tree import turns_of
from thesis.importing.turns import Node, Remark, Turn, dicts, iso_date, text_of

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
"""Kinds of messages that are no part of what was said."""
_ROLES = ("user", "assistant", "system", "tool", "developer")
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
    """Messages of a shape that is not known."""
    return sum(not _is_node(one) for one in conversation["mapping"].values())


def turns(conversation: dict[str, Any]) -> Iterator[Turn]:
    """The turns of one conversation of the export."""
    listed = {id_: node for id_, node in conversation["mapping"].items() if isinstance(node, dict)}
    model = text_of(conversation, "default_model_slug") or None
    nodes = {id_: _node(id_, node, model) for id_, node in listed.items()}
    own = text_of(conversation, "conversation_id", "id")
    leaf = text_of(conversation, "current_node") or None
    messages = {id_: _dict(node, "message") for id_, node in listed.items()}
    nodes = with_textdocs(nodes, messages, conversation.get("textdocs"), leaf)
    yield from turns_of(own, nodes, leaf, _remarks(conversation, listed), _copied_from(listed, own))


def _is_node(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("message"), dict | None)


def _remarks(conversation: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> tuple[Remark, ...]:
    """What is true of the whole conversation: who answers in it, and under which instructions."""
    messages = [_dict(node, "message") for node in nodes.values()]
    found = [_maker(conversation), *(_maker(_dict(message, "metadata")) for message in messages)]
    found += [Remark.INSTRUCTIONS for message in messages if _instructs(message)]
    return tuple(dict.fromkeys(remark for remark in found if remark))


def _maker(value: dict[str, Any]) -> Remark | None:
    """Whether a custom GPT or a project is named, which share a kind of id."""
    id_ = text_of(value, "gizmo_id", "conversation_template_id")
    if not id_.startswith("g-"):
        return None
    return Remark.PROJECT if id_.startswith("g-p-") or value.get("gizmo_type") == "snorlax" else Remark.CUSTOM


def _instructs(message: dict[str, Any]) -> bool:
    """Whether the message gives the account's instructions or memories to the model."""
    content = _dict(message, "content")
    about = _dict(_dict(message, "metadata"), "user_context_message_data")
    written = text_of(content, "user_profile", "user_instructions", "model_set_context", "repo_summary")
    return bool(written or text_of(about, "about_user_message", "about_model_message"))


def _copied_from(nodes: dict[str, dict[str, Any]], own: str) -> list[str]:
    """The conversations that "Branch in new chat" copied messages from, with their ids."""
    metadata = (_dict(_dict(node, "message"), "metadata") for node in nodes.values())
    found = dict.fromkeys(text_of(one, "branching_from_conversation_id") for one in metadata)
    return [id_ for id_ in found if id_ and id_ != own]


def _node(id_: str, node: dict[str, Any], model: str | None) -> Node:
    message, parent = node.get("message"), node.get("parent")
    parent = parent if isinstance(parent, str) else None
    if not isinstance(message, dict):
        return Node(id_, parent, "hidden")
    metadata = _dict(message, "metadata")
    texts, unknown = _texts(message), _unknown(message)
    is_call = _role_of(message) == "assistant" and _recipient(message) != "all"
    edits = edits_of_call(_recipient(message), message.get("content")) if is_call else offered(texts, message)
    says_something = bool(texts or edits or unknown)
    tells = _role_of(message) == "tool" and canvas_of(message) is not None  # what the page shows as a canvas
    return Node(
        id_,
        parent,
        "assistant" if tells else _role(message, metadata, says_something),
        texts=texts,
        edits=edits,
        attached=tuple(text_of(one, "name") for one in dicts(metadata.get("attachments"))),
        model=text_of(metadata, "model_slug", "resolved_model_slug", "default_model_slug")
        or (None if tells else model),
        date=iso_date(message.get("create_time")),
        unknown=unknown,
    )


def _role(message: dict[str, Any], metadata: dict[str, Any], says_something: bool) -> Any:
    role = _role_of(message)
    hidden = (
        metadata.get("is_visually_hidden_from_conversation")
        or metadata.get("is_user_system_message")
        or message.get("channel") == "analysis"
        or _kind(message) in _SILENT
    )
    if hidden or role in ("system", "tool", "developer") or (role != "user" and not says_something):
        return "hidden"
    return "user" if role == "user" else "assistant"


def _role_of(message: dict[str, Any]) -> str:
    return text_of(_dict(message, "author"), "role")


def _kind(message: dict[str, Any]) -> str:
    """The content's type; content as one string is a text."""
    content = message.get("content")
    return "text" if isinstance(content, str) else text_of(_dict(message, "content"), "content_type")


def _recipient(message: dict[str, Any]) -> str:
    return text_of(message, "recipient") or "all"


def _unknown(message: dict[str, Any]) -> tuple[str, ...]:
    role, kind, tool = _role_of(message), _kind(message), _recipient(message)
    unknown = [f"role {role}"] * (role not in _ROLES)
    if role in ("user", "assistant"):
        unknown += [f"message {kind}"] * (kind not in ("", *_SHOWN) and kind not in _SILENT)
        silent = (part for part in dicts(_parts(message)) if not _part(part))
        kinds = (text_of(part, "content_type") for part in silent)
        unknown += [f"part {kind}" for kind in kinds if kind and kind not in _SILENT_PARTS]
    unknown += [f"tool {tool}"] * (role == "assistant" and not is_known_tool(tool))
    return tuple(unknown)


def _texts(message: dict[str, Any]) -> tuple[str, ...]:
    """What is shown; not what is said to a tool."""
    shown = _recipient(message) == "all" and _kind(message) in _SHOWN
    if not shown or _role_of(message) not in ("user", "assistant"):
        return ()
    return tuple(as_shown(text) for text in map(_part, _parts(message)) if text.strip())


def _parts(message: dict[str, Any]) -> list[Any]:
    content = message.get("content")
    if not isinstance(content, dict):
        return [content]
    parts = content.get("parts")
    return parts if isinstance(parts, list) else [parts or content.get("text")]


def _part(part: Any) -> str:
    """A text; of an object its text, if it has one (speech has, a picture has not)."""
    if isinstance(part, str):
        return part
    return text_of(part, "text") if isinstance(part, dict) else ""


def _dict(node: dict[str, Any], key: str) -> dict[str, Any]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}
