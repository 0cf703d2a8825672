"""Make up exports, after public descriptions of their shapes."""

import json
import zipfile
from pathlib import Path
from typing import Any

PROFILE = '{"age": 34}'


def chatgpt(
    *conversations: list[dict[str, Any]], title: str = "A title", **more: Any
) -> list[dict[str, Any]]:
    """An export of ChatGPT; each conversation is a list of messages, one after the other."""
    return [
        {"title": title, "conversation_id": f"conv-{i}", "create_time": 1.0, **_tree(messages), **more}
        for i, messages in enumerate(conversations)
    ]


def says(role: str, text: str, **message: Any) -> dict[str, Any]:
    """A message of ChatGPT."""
    metadata = {"model_slug": "gpt-5"} if role == "assistant" else {}
    return {
        "author": {"role": role},
        "create_time": 1767225600.5,
        "content": {"content_type": "text", "parts": [text]},
        "recipient": "all",
        "metadata": metadata,
        **message,
    }


def attaching(role: str, text: str, *names: str) -> dict[str, Any]:
    return says(role, text, metadata={"attachments": [{"id": "f", "name": name} for name in names]})


def _tree(messages: list[dict[str, Any]]) -> dict[str, Any]:
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None, "children": ["m0"]}}
    for i, message in enumerate(messages):
        parent = f"m{i - 1}" if i else "root"
        mapping[f"m{i}"] = {"id": f"m{i}", "message": {"id": f"m{i}", **message}, "parent": parent}
    return {"mapping": mapping, "current_node": f"m{len(messages) - 1}"}


def claude(*conversations: list[dict[str, Any]], name: str = "A name") -> list[dict[str, Any]]:
    return [
        {
            "uuid": f"conv-{i}",
            "name": name,
            "created_at": "2026-01-01T00:00:00Z",
            "account": {"uuid": "account"},
            "chat_messages": [{"uuid": f"m{n}", **message} for n, message in enumerate(messages)],
        }
        for i, messages in enumerate(conversations)
    ]


def human(text: str, *files: str, **more: Any) -> dict[str, Any]:
    """A message to Claude."""
    return {
        "sender": "human",
        "text": text,
        "content": [{"type": "text", "text": text}],
        "created_at": "2026-01-01T00:00:00.123456Z",
        "attachments": [{"file_name": name, "extracted_content": "[]"} for name in files],
        "files": [],
        **more,
    }


def assistant(*blocks: str | dict[str, Any]) -> dict[str, Any]:
    """A message of Claude."""
    content = [{"type": "text", "text": block} if isinstance(block, str) else block for block in blocks]
    text = "".join(block for block in blocks if isinstance(block, str))
    return {"sender": "assistant", "text": text, "content": content, "created_at": "2026-01-01T00:00:09Z"}


def artifact(command: str, **call: Any) -> dict[str, Any]:
    return {
        "type": "tool_use",
        "name": "artifacts",
        "input": {"command": command, "id": "a", "title": "T", **call},
    }


def activity(prompt: str, *answers: str, time: str = "2026-02-05T10:00:00.5Z", **more: Any) -> dict[str, Any]:
    """An activity of Gemini, as JSON."""
    return {
        "header": "Gemini Apps",
        "title": f"Prompted {prompt}",
        "time": time,
        "products": ["Gemini Apps"],
        "safeHtmlItem": [{"html": answer} for answer in answers],
        **more,
    }


def cell(prompt: str, answer: str, *files: str, date: str = "Feb 5, 2026, 10:00:00\u202fAM PST") -> str:
    """An activity of Gemini, as HTML."""
    attached = f"Attached {len(files)} file.<br>" * bool(files) + "".join(
        f'-&nbsp; <a href="{name}">{name}</a><br>' for name in files
    )
    typed = prompt.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
        '<div class="header-cell mdl-cell mdl-cell--12-col">'
        '<p class="mdl-typography--title">Gemini Apps<br></p></div>'
        '<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1">'
        f"Prompted&nbsp;{typed}<br>{attached}{date}<br>{answer}</div>"
        '<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1 '
        'mdl-typography--text-right"></div>'
        '<div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption"><b>Products:</b><br>'
        "&emsp;Gemini Apps<br></div></div></div>"
    )


def page(*cells: str) -> str:
    head = "<head><title>My Activity History</title><style>.outer-cell {color: red}</style></head>"
    return f"<html>{head}<body><div>{''.join(cells)}</div></body></html>"


def as_file(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def as_zip(path: Path, **members: Any) -> Path:
    """A zip of members, given by name as text or JSON."""
    return zip_of(path, members)


def zip_of(path: Path, members: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in members.items():
            archive.writestr(name, value if isinstance(value, str | bytes) else json.dumps(value))
    return path
