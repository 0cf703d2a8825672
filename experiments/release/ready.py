"""Whether there is something to release: git is clean, the pipeline is current."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from experiments.release.outputs import Output, carried
from stages.common.params import yaml_reader
from stages.shell.errors import UserError, mistakes
from thesis.programs import dvc, git_text
from thesis.verify.artifacts import STORE
from thesis.verify.hashing import is_ignored
from thesis.verify.statement import FOLDERS, MANIFEST, is_part

MADE_HERE = (f":!{STORE}", f":!{MANIFEST}")
"""What a release writes: an interrupted one leaves it uncommitted."""
PIPELINE, LOCK = "dvc.yaml", "dvc.lock"


def check_ready() -> None:
    """UserError if files are not committed, or if a stage would run again."""
    if uncommitted := git_text("status", "--porcelain", "--", ".", *MADE_HERE).splitlines():
        head = "A release is of a commit, and these files are not committed:"
        remedy = "Commit them, or undo the changes (git stash -u), and run make release again"
        raise mistakes(head, [line[3:] for line in uncommitted], remedy)
    stale: dict[str, Any] = json.loads(dvc("status", "--json"))
    if stale:
        head = (
            "A release is of a finished run, and dvc status says of these stages that they are not current:"
        )
        raise mistakes(head, sorted(stale), "Run make repro, commit, and run make release again")


def check_strays(outputs: Iterable[Output]) -> None:
    """UserError if git ignores files where the manifest lists everything: no clone would have them."""
    command = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *FOLDERS)
    ignored = [Path(name) for name in git_text(*command).split("\0") if name]
    made = [output.path for output in outputs]
    strays = [
        path.as_posix()
        for path in ignored
        if not any(map(path.is_relative_to, made))
        and not any(map(is_ignored, path.parts))
        and not is_part(path.name)
    ]
    if strays:
        raise mistakes(
            "No clone would have these files:", strays, "Move them out of the project, or delete them"
        )


def needed_by_tags(without: list[str]) -> Iterator[tuple[str, set[str]]]:
    """Every tag with the md5s in its dvc.lock; a tag from before the pipeline needs none.

    Args:
        without: tags to leave out.
    """
    tags = git_text("tag", "--list").splitlines()
    if unknown := sorted({*without} - {*tags}):
        raise UserError(f"git has no tag {', '.join(unknown)}\nThere are: {', '.join(tags) or 'none'}")
    for tag in tags:
        if tag not in without:
            pipeline, lock = _committed(tag, PIPELINE), _committed(tag, LOCK)
            yield tag, {output.md5 for output in carried(pipeline, lock)} if pipeline and lock else set()


def added_by_hand() -> list[str]:
    """The *.dvc files of the project."""
    return git_text("ls-files", "--", "*.dvc").splitlines()


def _committed(tag: str, file: str) -> Any:
    """The content of a YAML file at a tag; None if it has none."""
    if not git_text("ls-tree", "--name-only", tag, "--", file):
        return None
    return yaml_reader().load(git_text("show", f"{tag}:./{file}"))
