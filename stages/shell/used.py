"""Check that the inputs of a stage did not change while it ran.

DVC hashes deps and params after a command has ended: an edit in between is recorded as used.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import psutil
from pathspec import GitIgnoreSpec

from stages.common.files import sha256_of
from stages.common.params import PARAMS, read_yaml
from stages.shell.errors import UserError, mistakes

PIPELINE = Path("dvc.yaml")
IGNORED = Path(".dvcignore")
MAX_CHARACTERS = 60
MAX_NAMED = 3
CLOCK_SECONDS = 1
"""Error of psutil's start time of a process on Linux, which may be early."""
MISSING = "missing"


@dataclass(frozen=True)
class State:
    """Deps and params at one moment."""

    files: dict[str, str]
    """sha256 by path, of each file below a folder."""
    params: dict[str, dict[str, str]]
    """Values as JSON, by file and key; under "" the reason why a file cannot be read."""


class Used:
    """Inputs of a stage by dvc.yaml, as they are when this is created.

    Empty if there is no dvc.yaml or it has no such stage; nothing is recorded then.

    Raises:
        UserError: code was edited after Python started and may have loaded it.
    """

    def __init__(self, stage: str) -> None:
        content = (read_yaml(PIPELINE) if PIPELINE.exists() else None) or {}
        entry = content.get("stages", {}).get(stage, {})
        self.stage = stage
        self._deps = [Path(_filled(dep)) for dep in entry.get("deps", [])]
        self._keys = _keys_by_file(entry.get("params", []))
        self._before = self._now()
        if edited := _edited_since_start(self._before.files):
            raise mistakes(f"code was edited while {stage} started", edited, "Run again: dvc repro")

    def refuse_changes(self) -> None:
        """UserError that names each file and key that changed since."""
        changes = _changes(self._before, self._now())
        if changes:
            more = f" and {len(changes) - MAX_NAMED} more" if len(changes) > MAX_NAMED else ""
            head = f"{', '.join([*changes][:MAX_NAMED])}{more} changed while {self.stage} ran"
            lines = [line for found in changes.values() for line in found]
            raise mistakes(head, lines, "Nothing was recorded; run again: dvc repro")

    def _now(self) -> State:
        params = {file: _values(Path(file), keys) for file, keys in self._keys.items()}
        return State(dict(_hashes(self._deps)), params)


def _keys_by_file(listed: Iterable[str | Mapping[str, list[str] | None]]) -> dict[str, list[str]]:
    """Keys of each file of params, [] for all of it. A name alone is a key of params.yaml."""
    found: dict[str, list[str]] = {}
    for one in listed:
        for file, keys in ({str(PARAMS): [one]} if isinstance(one, str) else one).items():
            found[file] = [*found.get(file, []), *map(_filled, keys or [])]
    return found


def _filled(text: str) -> str:
    """A text of dvc.yaml with the values of params.yaml in place of `${key}`."""
    return re.sub(r"\$\{(.+?)\}", lambda slot: str(value_at(read_yaml(PARAMS), slot[1].strip())), text)


def value_at(content: Any, key: str) -> Any:
    """The value under a dotted key."""
    for part in key.split("."):
        if not isinstance(content, dict) or part not in content:
            return MISSING
        content = content[part]
    return content


def _values(file: Path, keys: list[str]) -> dict[str, str]:
    try:
        content = read_yaml(file)
    except UserError as error:
        return {"": str(error)}
    found = {key: value_at(content, key) for key in keys} if keys else content
    return dict(_leaves(found, ""))


def _leaves(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Values that hold no others, by dotted key, as JSON."""
    named = dict(enumerate(value)) if isinstance(value, list) else value
    items = named.items() if isinstance(named, dict) else ()
    for name, inner in items:
        yield from _leaves(inner, f"{key}.{name}" if key else str(name))
    if not items:
        yield key, json.dumps(value, ensure_ascii=False, default=str)


def counted(dep: Path) -> Iterator[Path]:
    """Files of a dep that DVC counts: all but those in .dvcignore; none if the dep is missing."""
    ignored = GitIgnoreSpec.from_lines(IGNORED.read_text("utf-8").splitlines() if IGNORED.exists() else [])
    for file in sorted(dep.rglob("*")) if dep.is_dir() else [dep]:
        if file.is_file() and not ignored.match_file(file):
            yield file


def _hashes(deps: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for file in chain.from_iterable(map(counted, deps)):
        with suppress(FileNotFoundError):  # gone while we look: an editor's own
            yield file.as_posix(), sha256_of(file)


def _edited_since_start(files: Iterable[str]) -> list[str]:
    """Code files that are younger than this process, without those dated in the future."""
    start, now = psutil.Process().create_time() + CLOCK_SECONDS, time.time()
    return [file for file in files if file.endswith(".py") and start < Path(file).stat().st_mtime <= now]


def _changes(before: State, now: State) -> dict[str, list[str]]:
    """Sentences about what changed, by file."""
    files = {file: [f"{file}: {_fate(*pair)}"] for file, pair in _differing(before.files, now.files)}
    for file, values in now.params.items():
        if told := [_told(file, key, *pair) for key, pair in _differing(before.params[file], values)]:
            files[file] = [values[""]] if "" in values else told
    return files


def _differing(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    pairs = {key: (was.get(key, MISSING), now.get(key, MISSING)) for key in [*was, *now]}
    return ((key, pair) for key, pair in pairs.items() if pair[0] != pair[1])


def _fate(was: str, now: str) -> str:
    return "is new" if was == MISSING else "is gone" if now == MISSING else "was edited"


def _told(file: str, key: str, was: str, now: str) -> str:
    before, after = (one if len(one) <= MAX_CHARACTERS else f"{one[:MAX_CHARACTERS]}…" for one in (was, now))
    return f"{file}: {key} {'was edited' if before == after else f'was {before} and is {after}'}"
