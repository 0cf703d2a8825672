"""Claude's export since late summer 2026: a list of links (the manifest), and one zip per part.

`conversations-000.zip` holds the conversations, `frames-000.zip` the documents published beside them:
`artifacts/<id>/artifact.json` names the version that the page shows, `versions/` holds the texts.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from stages.shell.errors import UserError
from thesis.importing.claude import is_conversation
from thesis.importing.objects import weight
from thesis.importing.page_text import text_of_html
from thesis.importing.turns import Turn, text_of
from thesis.importing.zips import Export, Member

_FRAME = re.compile(
    r"(?:.*/)?artifacts/(?P<id>[^/]+)/(?P<file>artifact\.json|(?:page|index)\.\w+|versions/.+\.\w+)"
)
_TEXTS = (".md", ".html", ".htm", ".json", ".txt")
_PART = re.compile(r"(light_metadata|projects|memories|frames|conversations)[-_]\d+(?:\.zip)?", re.IGNORECASE)
_SECOND = re.compile(r" ?\(\d+\)")
"""Added by a browser to the name of a second download."""
_NAMES_PARTS = re.compile(rb'"(?:conversations|light_metadata|frames|projects|memories)[-_]\d+\.zip"')
MAX_BYTES = 5 * 2**20
"""Size of the largest manifest or published document that is read."""


def is_beside(name: PurePosixPath) -> bool:
    """Whether a file may be a manifest, or belong to a published document."""
    is_manifest = name.suffix.lower() == ".json" and "manifest" in name.stem.lower()
    return is_manifest or _FRAME.fullmatch(str(name)) is not None


def conversation_files(export: Export, path: Path) -> list[Member]:
    """The files of an export without manifests and published documents.

    Raises:
        UserError: the export holds other parts, and no conversations.
    """
    frames = [one for one in export.members if _FRAME.fullmatch(one.name)]
    listed = {one.name: _listed(one) for one in export.members if one not in frames}
    members = [one for one in export.members if one.name in listed and listed[one.name] is None]
    names = [name for found in listed.values() for name in found or ()]
    parts = [name for name in (path.name, *export.zips) if _PART.match(name)]
    if members or not (names or frames or parts):
        return members
    wanted = [name for name in names if name.lower().startswith("conversations")] or ["conversations-000.zip"]
    if names and not parts and not frames:
        raise UserError(
            f"{path}: this is the list of links of a Claude export, not the export.\n"
            f"Open the link of {', '.join(wanted)} in the browser that is logged in to Claude "
            "(each link works once), and import that zip, or the folder with all zips: --source claude"
        )
    raise UserError(
        f"{path}: a part of a Claude export without the conversations: "
        f"those are in {', '.join(wanted)} of the same download.\n"
        "Import that zip, or the folder with all zips: --source claude"
    )


def missing_parts(export: Export) -> Iterator[str]:
    """Report the zips with conversations that a manifest names and the export does not contain."""
    there = {_SECOND.sub("", name.lower()) for name in export.zips}
    folders = {part.lower() for one in export.members for part in PurePosixPath(one.name).parts}
    for name in dict.fromkeys(name for one in export.members for name in _listed(one) or ()):
        is_there = name.lower() in there or name.lower().removesuffix(".zip") in folders
        if name.lower().startswith("conversations") and not is_there:
            yield f"{name}, which the list of links names, is not here: open its link, and import it too"


class Frames:
    """The published documents; one is read when a turn names it."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._files: dict[str, dict[str, Member]] = {}
        for member in members:
            if found := _FRAME.fullmatch(member.name):
                self._files.setdefault(found["id"], {})[found["file"]] = member

    def texts(self, turn: Turn) -> list[str]:
        """The documents that a turn names and that hold a profile."""
        texts = [self._text(self._files[id_]) for id_ in dict.fromkeys(turn.elsewhere) if id_ in self._files]
        return [text for text in dict.fromkeys(texts) if any(weight(text))]

    def _text(self, files: dict[str, Member]) -> str:
        about = _json(files["artifact.json"]) if "artifact.json" in files else None
        version = text_of(about, "active_version") if isinstance(about, dict) else ""
        texts = [name for name in sorted(files) if PurePosixPath(name).suffix.lower() in _TEXTS]
        texts = [name for name in texts if name != "artifact.json"]
        active = [name for name in texts if version and version in PurePosixPath(name).with_suffix("").parts]
        name = next(reversed(active or texts), None)
        if name is None or files[name].size > MAX_BYTES:
            return ""
        with files[name].open() as file:
            text = file.read().decode("utf-8", "replace")
        return text_of_html(text) if PurePosixPath(name).suffix.lower() in (".html", ".htm") else text


def _listed(member: Member) -> list[str] | None:
    """The files that a manifest names; None if the file is no manifest."""
    if member.size > MAX_BYTES or not member.name.lower().endswith(".json"):
        return None
    with member.open() as file:
        if not _NAMES_PARTS.search(file.read(2**16)):
            return None
    value = _json(member)
    items = value if isinstance(value, list) else [value]
    texts = [] if any(map(is_conversation, items)) else list(_texts_in(value))
    has_links = any(text.startswith("http") for text in texts)
    return [text for text in texts if has_links and _PART.fullmatch(text)] or None


def _texts_in(value: Any) -> Iterator[str]:
    """The texts and keys of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        yield from (key for key in value if isinstance(key, str) and isinstance(value, dict))
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(one)


def _json(member: Member) -> Any:
    with member.open() as file:
        try:
            return json.loads(file.read())
        except (ValueError, RecursionError):
            return None
