"""Processes that work in the project, and what killed ones left behind; notes alone."""

from collections.abc import Iterator
from pathlib import Path

import psutil

from stages.shell.alone import running
from stages.shell.ending import RWLOCK, holders
from stages.shell.runs import RUNS, WORK
from thesis.verify.findings import Finding
from thesis.verify.statement import FOLDERS

STAGE = "orphans"
PARTS = ".*.part"
PLACES = (*FOLDERS, "docs", "experiments", "release", "thesis", WORK.name)


def check(root: Path) -> Iterator[Finding]:
    """Running stages and dvc, half-finished runs, and parts of files."""
    alive = [str(holder) for holder in running(root / WORK)]
    alive += [f"dvc in process {pid}" for pid in {*holders(root / RWLOCK)} if psutil.pid_exists(pid)]
    yield _none("processes at work here: files may change meanwhile", alive)
    yield _none("half-finished runs, which the next run continues", [*_half_finished(root)])
    yield _none("parts of files that a killed run left; they can be deleted", [*_parts(root)])


def _half_finished(root: Path) -> Iterator[str]:
    """Folders of checkpoints: .work/<stage>/<fingerprint>."""
    for folder in sorted((root / WORK).glob("*/*")):
        if folder.is_dir() and folder.parent.name != RUNS.name and any(folder.iterdir()):
            yield folder.relative_to(root).as_posix()


def _parts(root: Path) -> Iterator[str]:
    """Parts beside and below all that is listed: the manifest leaves them out wherever they are."""
    for path in sorted(
        [*root.glob(PARTS), *(found for name in PLACES for found in (root / name).rglob(PARTS))]
    ):
        yield path.relative_to(root).as_posix()


def _none(what: str, found: list[str]) -> Finding:
    return Finding(STAGE, what, "none", ", ".join(found) or "none", not found, is_note=True)
