"""The tools that Claude calls, and the documents beside the chat that they make."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from thesis.importing.shell import edits_of_code, edits_of_shell, file_edit
from thesis.importing.turns import Edit, parsed, text_of

_CALLS = ("tool_use", "server_tool_use")
_SHELLS = frozenset({"bash", "bash_tool", "code_execution", "bash_code_execution", "shell"})
_READS = re.compile(
    r"search|fetch|view|read|list|^get_|memor|recent_chats|ask_user|weather|think|browse|^repl$|analysis|"
    r"places|map_display|recipe|suggest|end_conversation"
)
"""Tools that make no documents."""
_NAMES = ("id", "path", "file_path", "filename", "file_name", "artifact_id", "uuid", "title", "name")
_TEXTS = ("content", "file_text", "text", "markdown", "body", "html", "widget_code", "source")
_PUBLISHED = re.compile(r"claude\.(?:ai|site)/(?:public/)?artifacts/([\w-]+)")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def edits_of_calls(blocks: Sequence[dict[str, Any]]) -> tuple[Edit, ...]:
    """The changes that a message's calls make to documents; failed calls make none."""
    failed = {block.get("tool_use_id") for block in blocks if block.get("is_error") is True}
    return tuple(edit for call in _calls(blocks) if call.get("id") not in failed for edit in _edits(call))


def unknown_tools(blocks: Sequence[dict[str, Any]]) -> list[str]:
    """Tools that may make documents or not."""
    unknown = (call for call in _calls(blocks) if [edit.kind for edit in _edits(call)] == ["lost"])
    names = (text_of(call, "name") for call in unknown)
    return [f"tool {name}" for name in names if name not in {*_SHELLS, "create_file", "artifacts"}]


def ids_in(blocks: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Ids in the calls and their results, some of which are ids of documents."""
    used = [block for block in blocks if block.get("type") in (*_CALLS, "tool_result")]
    named = [_given(call).get(key) for call in _calls(used) for key in ("id", "artifact_id", "uuid")]
    named = [id_ for id_ in named if isinstance(id_, str)]
    return tuple(dict.fromkeys([*named, *_UUID.findall(repr(used))]))[:50]


def links_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Ids of the linked published documents."""
    return tuple(dict.fromkeys(id_ for text in texts for id_ in _PUBLISHED.findall(text)))


def _calls(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from (block for block in blocks if block.get("type") in _CALLS)


def _given(call: dict[str, Any]) -> dict[str, Any]:
    """The input of a call, which may be a text."""
    given = parsed(call.get("input") or call.get("partial_json"))
    return given if isinstance(given, dict) else {}


def _edits(call: dict[str, Any]) -> tuple[Edit, ...]:
    tool, given = text_of(call, "name"), _given(call)
    if not given:
        return () if _READS.search(tool) or tool in _SHELLS else (Edit("lost", tool),)
    name = next((PurePosixPath(text_of(given, key)).name for key in _NAMES if text_of(given, key)), "")
    old, new = given.get("old_str", given.get("old_string")), given.get("new_str", given.get("new_string"))
    if isinstance(old, str) and isinstance(new, str):
        return (Edit("replaced", name, old, new, given.get("replace_all") is True),)
    if given.get("command") == "insert":
        line, new = given.get("insert_line"), text_of(given, "new_str", "insert_text")
        return (Edit("inserted", name, str(line), new),)
    if tool in _SHELLS:
        return edits_of_shell(text_of(given, "command")) or edits_of_code(text_of(given, "code"))
    if isinstance(given.get("filepaths"), list):
        files = (path for path in given["filepaths"] if isinstance(path, str))
        return tuple(Edit("shown", PurePosixPath(path).name) for path in files)
    if _READS.search(tool) or given.get("command") in ("view", "undo_edit"):
        return ()
    whole = text_of(given, *_TEXTS)
    return (file_edit(name or tool, whole),) if whole else (Edit("lost", name or tool),)
