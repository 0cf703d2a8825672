"""What an archive is not made from: what was not verified, what is private, what nobody compares."""

import json
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from pathspec import GitIgnoreSpec

from stages.common.pasted import Pasted
from stages.shell.errors import UserError, mistakes
from thesis.archive.git import is_shallow, lines, paths_ever
from thesis.archive.pipeline import Artifact, Store, locked_outputs
from thesis.archive.snapshot import Snapshot
from thesis.programs import git_text

EXTERNAL = "data/external/"
COLLECTED = "data/collected/completions.jsonl"
PRIVATE = ("conversations*.json", "conversations/", "MyActivity.*", "Takeout/", "chat.html", "*.zip", ".env")
"""What `.gitignore` calls private: official chat exports and tokens."""
LOCAL = ("config.local", "*.pem", "id_rsa*", "id_ed25519*", ".netrc")
"""Credentials."""
ALONE = "If only old commits have it, `thesis archive --no-history` leaves them out"


def refuse_unfit(snapshot: Snapshot) -> None:
    """Refuse a commit that must not or cannot be archived.

    Raises:
        UserError: old commits are missing, or artifacts are; something is private, or not compared.
    """
    if snapshot.with_history and is_shallow():
        raise UserError(
            "this clone lacks old commits\nGet them: git fetch --unshallow (or: thesis archive --no-history)"
        )
    refuse_absent(snapshot)
    refuse_unneeded([*snapshot.outs, *outputs_of_tags()], snapshot.store)
    paths = paths_ever(snapshot.commit.id) if snapshot.with_history else [*snapshot.files]
    refuse_private(paths)
    refuse_uncompared(paths, compared(snapshot))


def refuse_absent(snapshot: Snapshot) -> None:
    """Refuse a store in which an output of the pipeline is missing."""
    store = snapshot.store
    outs = [out for out in snapshot.outs if not snapshot.has(out.path)]
    wanted = [file for out in outs for file in [out, *store.files(out)]]
    if absent := [f"{file.path} ({file.md5})" for file in wanted if file.md5 not in store.objects]:
        raise mistakes("release/store lacks outputs of dvc.lock", absent, "Fill it and commit: make release")


def refuse_unneeded(outs: Sequence[Artifact], store: Store) -> None:
    """Refuse a store with objects that are no output: they may be anything, a base model's weights too."""
    needed = {out.md5 for out in outs} | {file.md5 for out in outs for file in store.files(out)}
    if others := sorted(set(store.objects) - needed):
        raise mistakes(
            "release/store holds what no dvc.lock names, of this commit or of a tag",
            others,
            "Clean it: make release",
        )


def refuse_private(paths: Collection[str]) -> None:
    """Refuse files that look like chat exports or credentials."""
    private = GitIgnoreSpec.from_lines([*PRIVATE, *LOCAL])
    if found := sorted(path for path in paths if private.match_file(path)):
        raise mistakes("git has files that look private", found, f"Remove them from git. {ALONE}")


def refuse_uncompared(paths: Collection[str], used: Collection[str]) -> None:
    """Refuse answers of chat pages that no number comes from: nobody needs them, and people wrote them.

    Args:
        used: files whose answers are compared.
    """
    stems = {PurePosixPath(path).with_suffix("") for path in used}
    outside = [path for path in paths if path.startswith(EXTERNAL)]
    unused = [
        path
        for path in outside
        if PurePosixPath(path).name != "README.md" and PurePosixPath(path).with_suffix("") not in stems
    ]
    if unused:
        remedy = f"Move them out of the project and commit, or ask their prompt in data/prompts.yaml. {ALONE}"
        raise mistakes(f"git has answers in {EXTERNAL} that the comparison does not use", unused, remedy)


def compared(snapshot: Snapshot) -> set[str]:
    """The files of answers that `collect` turned into rows, which `evaluate` compares."""
    found = [snapshot.store.objects[out.md5] for out in snapshot.outs if out.path == COLLECTED]
    rows = [line for file in found for line in file.content.splitlines() if line.strip()]
    return {Pasted.model_validate(json.loads(row)).file for row in rows}


def outputs_of_tags() -> list[Artifact]:
    """The outputs of every tag's dvc.lock: the store keeps those of earlier releases too."""
    tags = lines("tag", "--list")
    locks = [
        git_text("show", f"{tag}:dvc.lock")
        for tag in tags
        if lines("ls-tree", "--name-only", tag, "dvc.lock")
    ]
    return [out for lock in locks for out in locked_outputs(lock)]
