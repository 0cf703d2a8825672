"""The tools that ChatGPT calls, and the documents beside the chat that they make."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from thesis.importing.canvases import CREATE, UPDATE, canvas_of
from thesis.importing.shell import edits_of_code, edits_of_shell
from thesis.importing.turns import Edit, dicts, parsed, text_of

_CANVAS = (CREATE, UPDATE)
_CODE = re.compile(r"python|container|code_interpreter|jupyter|exec|shell", re.IGNORECASE)
_OTHER = re.compile(
    r"^(?:all|assistant|user|system)$|web|browser|bio|search|myfiles|file_|dalle|image|t2uay3k|automation|guardian|"
    r"canmore\.comment|api_tool|memory|context|genui|calculator|research|computer|summary"
)
"""Tools that make no documents."""
_SANDBOX = re.compile(r"\bsandbox:/?[^\s)\"'\]]*?([^\s/)\"'\]]+)(?=[\s)\"'\]]|\Z)")
_UNFIT = Edit("replaced", "")
"""A change that cannot be read: after it, the document is not known."""


def is_known_tool(recipient: str) -> bool:
    """Whether it is known if the tool makes documents."""
    return recipient in _CANVAS or bool(_CODE.search(recipient) or _OTHER.search(recipient))


def edits_of_call(recipient: str, content: Any) -> tuple[Edit, ...]:
    """The changes that a call makes to a canvas, or to files that its code writes."""
    parts = parts_of(content)
    texts = (part for part in parts if isinstance(part, str))
    given = next(dicts(parts), None) or parsed("".join(texts))
    if recipient in _CANVAS:
        return _canvas(given)
    if _CODE.search(recipient):
        if isinstance(given, dict):
            command = given.get("cmd", given.get("command", given.get("code")))
            given = " ".join(map(str, command[-1:])) if isinstance(command, list) else command
        given = given if isinstance(given, str) else ""
        return edits_of_code(given) if "python" in recipient else edits_of_shell(given)
    return () if is_known_tool(recipient) else (Edit("lost", recipient),)


def offered(texts: Sequence[str], message: dict[str, Any]) -> tuple[Edit, ...]:
    """The files that an answer offers for download, and the canvas that it shows."""
    files = [PurePosixPath(name).name for text in texts for name in _SANDBOX.findall(text)]
    files += [""] * (canvas_of(message) is not None)
    return tuple(Edit("shown", name) for name in dict.fromkeys(files))


def parts_of(content: Any) -> list[Any]:
    """The texts and objects of a message's content, which may be a plain text."""
    if not isinstance(content, dict):
        return [content]
    parts = content.get("parts")
    return parts if isinstance(parts, list) else [parts or content.get("text")]


def _canvas(given: Any) -> tuple[Edit, ...]:
    if not isinstance(given, dict):
        return (_UNFIT,)
    if isinstance(given.get("content"), str):
        return (Edit("whole", text_of(given, "name") or "canvas", new=given["content"]),)
    return tuple(map(_update, dicts(given.get("updates")))) or (_UNFIT,)


def _update(update: dict[str, Any]) -> Edit:
    pattern, new = update.get("pattern"), update.get("replacement")
    if not isinstance(pattern, str) or not isinstance(new, str):
        return _UNFIT
    if pattern in (".*", "(?s).*", "[\\s\\S]*"):
        return Edit("whole", "", new=new)
    return Edit("pattern", "", pattern, new, update.get("multiple") is True)
