"""The pipeline of a commit: dvc.yaml, and what dvc.lock recorded of its last run."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from stages.shell.errors import UserError
from thesis.archive.check import FOLDER, outputs_of
from thesis.archive.git import Kept, yaml_in

STORE = "release/store/"
"""The remote that lies in git, as the project's files name it."""
OBJECT = re.compile(r"files/md5/([0-9a-f]{2})/([0-9a-f]{30}(?:\.dir)?)")


@dataclass(frozen=True)
class Artifact:
    """A dep or an output, with the hash in dvc.lock."""

    path: str
    md5: str

    @property
    def is_folder(self) -> bool:
        return self.md5.endswith(FOLDER)


@dataclass(frozen=True)
class Stage:
    """What a stage does, and what its last run read and wrote."""

    name: str
    title: str
    command: str
    deps: Sequence[Artifact]
    outs: Sequence[Artifact]
    params: Mapping[str, Mapping[str, Any]]
    """Values by key, by file."""


@dataclass(frozen=True)
class Store:
    """The objects of a DVC remote, by md5."""

    objects: Mapping[str, Kept]

    def files(self, artifact: Artifact) -> Iterator[Artifact]:
        """The files of an artifact that are objects of the store, each with its own md5."""
        if artifact.md5 not in self.objects:
            return
        if not artifact.is_folder:
            yield artifact
            return
        for entry in json.loads(self.objects[artifact.md5].content):
            yield Artifact(f"{artifact.path}/{entry['relpath']}", entry["md5"])


def read_stages(files: Mapping[str, Kept]) -> list[Stage]:
    """The stages of a commit's dvc.lock, each after those it depends on.

    Raises:
        UserError: the commit has no dvc.yaml or dvc.lock, or a stage that never ran.
    """
    described, locked = ((yaml_in(files, name) or {}).get("stages", {}) for name in ("dvc.yaml", "dvc.lock"))
    if never := [name for name in described if name not in locked]:
        raise UserError(f"dvc.lock: {', '.join(never)} never ran\nRun it and commit: make repro")
    stages = {
        name: Stage(
            name,
            str(described[name].get("desc", name)),
            str(entry["cmd"]),
            _artifacts(entry.get("deps", [])),
            _artifacts(entry.get("outs", [])),
            entry.get("params", {}),
        )
        for name, entry in locked.items()
        if name in described
    }
    return [stages[name] for name in _in_order(stages)]


def locked_outputs(lock: str) -> list[Artifact]:
    """The outputs in the text of a dvc.lock."""
    return [Artifact(path, md5) for path, md5 in outputs_of(lock).items()]


def read_store(files: Mapping[str, Kept]) -> Store:
    """The objects of the store in a commit."""
    found = ((OBJECT.fullmatch(name.removeprefix(STORE)), file) for name, file in files.items())
    return Store({match[1] + match[2]: file for match, file in found if match})


def object_path(md5: str) -> str:
    """Where an object lies in the archive."""
    return f"store/files/md5/{md5[:2]}/{md5[2:]}"


def is_within(path: str, folder: str) -> bool:
    """Whether two paths are the same, or the first lies in the second.

    >>> is_within("data/a/b", "data/a"), is_within("data/ab", "data/a")
    (True, False)
    """
    return Path(path).is_relative_to(folder)


def _artifacts(entries: Sequence[Mapping[str, Any]]) -> list[Artifact]:
    return [Artifact(entry["path"], entry["md5"]) for entry in entries]


def _in_order(stages: Mapping[str, Stage]) -> list[str]:
    """Names of stages; a stage that needs another's outputs stands after it."""
    needs = {
        name: [
            other.name
            for other in stages.values()
            if other.name != name
            and any(is_within(dep.path, out.path) for dep in stage.deps for out in other.outs)
        ]
        for name, stage in stages.items()
    }
    return [*TopologicalSorter(needs).static_order()]
