"""Say why `make pull` failed: which artifacts are damaged or in the way, and what to do.

python -m experiments.release.unpulled
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from stages.shell.errors import UserError, mistakes, run
from thesis.programs import dvc
from thesis.verify.belonging.files import MISSING, Files, output_in
from thesis.verify.belonging.store import artifacts, is_sound, place
from thesis.verify.hashing import Hasher
from thesis.verify.lock import Records

RELEASED = "store"
"""The name of release/store in .dvc/config."""


def main() -> None:
    records, remote = Records(Path()), dvc("config", "core.remote").strip()
    damaged = [*unsound(records)] if remote == RELEASED else []
    if damaged:
        remedy = (
            "Restore them, and pull again: git checkout release/store\n"
            "If objects are missing even then, this commit was not released: check out one that was "
            "(git tag --list), or make them again (make repro)"
        )
        raise mistakes("release/store cannot give these artifacts:", damaged, remedy)
    if changed := [*in_the_way(records)]:
        remedy = "Move them away or delete them, and pull again. To overwrite them: dvc pull --force"
        raise mistakes(
            "dvc does not overwrite these files, which are not those of dvc.lock:", changed, remedy
        )
    raise UserError(
        f"The message of dvc is above; it pulled from the remote {remote!r}.\n"
        f"A released run comes with git: dvc pull --remote {RELEASED}. Any other: make repro"
    )


def unsound(records: Records) -> Iterator[str]:
    """Artifacts whose object in release/store is damaged or missing."""
    for name, path in artifacts(records):
        object_ = place(name)
        if not object_.is_file() or not is_sound(object_):
            yield f"{path}: {'damaged' if object_.is_file() else 'missing'} ({object_.as_posix()})"


def in_the_way(records: Records) -> Iterator[str]:
    """Files in an artifact's place that are not the artifact."""
    files = Files(records, Hasher(records.root), None)
    for finding in chain.from_iterable(files.of_stage(stage) for stage in records.locked):
        path = output_in(finding.what)
        if path and finding.is_same is False and finding.got != MISSING and records.is_carried(path):
            yield path


if __name__ == "__main__":
    run(main)
