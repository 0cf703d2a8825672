"""The outputs that DVC carries, and the objects that hold them: the contents of a remote."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.shell.errors import UserError, mistakes
from stages.shell.used import counted
from thesis.verify.hashing import folder_object, md5_of
from thesis.verify.lock import outputs_in

KINDS = (
    "models/adapters",
    "data/prepared",
    "data/scores",
    "data/generated",
    "data/collected",
    "data/evaluated",
    "reports",
)
"""What a release holds: adapters, prepared data, scores, completions, profiles and the report."""


@dataclass(frozen=True)
class Output:
    """A file or a folder as dvc.lock names it."""

    path: str
    md5: str
    """Ends in .dir if it is a folder."""


def carried(pipeline: Mapping[str, Any], lock: Mapping[str, Any]) -> list[Output]:
    """The outputs in DVC's cache, sorted; those in git (`cache: false`) are left out.

    Args:
        pipeline: the content of dvc.yaml.
        lock: the content of dvc.lock.

    >>> stages = {"a": {"outs": ["x", {"y": {"cache": False}}]}}
    >>> locked = {"a": {"outs": [{"path": "x", "md5": "1"}, {"path": "y", "md5": "2"}]}}
    >>> carried({"stages": stages}, {"stages": locked})
    [Output(path='x', md5='1')]
    """
    in_git = {path for stage in pipeline["stages"].values() for path in outputs_in(stage, carried=False)}
    locked = [out for name in pipeline["stages"] for out in lock["stages"].get(name, {}).get("outs", [])]
    found = (Output(out["path"], out["md5"]) for out in locked if out["path"] not in in_git)
    return sorted(found, key=lambda output: output.path)


def check_kinds(outputs: Iterable[Output], tracked: Iterable[str]) -> None:
    """UserError if DVC carries something that a release does not hold.

    Args:
        tracked: the *.dvc files of the project.
    """
    paths = [Path(output.path) for output in outputs]
    found = [f"{path}: no part of a release" for path in paths if not any(map(path.is_relative_to, KINDS))]
    found += [f"{file}: added with `dvc add`, and made by no stage" for file in tracked]
    if found:
        remedy = (
            f"A release holds {', '.join(KINDS)}. Keep the rest in git or in a remote of your own, "
            "or add it to KINDS in experiments/release/outputs.py"
        )
        raise mistakes("A fresh clone could not pull everything:", found, remedy)


def objects_of(output: Output) -> dict[str, Path | bytes]:
    """The objects of an output by md5: its file, or its files and their list.

    Raises:
        UserError: the files are not those of dvc.lock, even if their size and time are.
    """
    path = Path(output.path)
    files = {file: md5_of(file) for file in counted(path)}
    objects: dict[str, Path | bytes] = {md5: file for file, md5 in files.items()}
    if output.md5.endswith(".dir"):
        listed = folder_object({file.relative_to(path).as_posix(): md5 for file, md5 in files.items()})
        objects[f"{hashlib.md5(listed).hexdigest()}.dir"] = listed
    if output.md5 not in objects:
        raise UserError(
            f"{path}: its bytes are not those of dvc.lock\nRestore them: dvc checkout --force {path}"
        )
    return objects


def listed_in(content: bytes) -> Iterator[str]:
    """The md5s that the object of a folder lists."""
    for entry in json.loads(content):
        yield entry["md5"]
