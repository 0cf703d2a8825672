"""Files against the manifest of the release, and the manifest against itself."""

from collections.abc import Iterator
from importlib.machinery import all_suffixes
from pathlib import Path

from thesis.verify.belonging.files import MISSING, NOT_PULLED, TAMPERED, restored
from thesis.verify.belonging.repository import is_committed, outdated
from thesis.verify.findings import Finding, compared, unchecked
from thesis.verify.hashing import Hasher
from thesis.verify.lock import Records
from thesis.verify.statement import FOLDERS, MANIFEST, Statement, listed, root_digest

STAGE = "manifest"
PACKAGES = ("benchmarks", "experiments", "stages", "tests", "thesis")
"""Folders of the project that Python can import."""
NONE = f"there is no {MANIFEST}: this is no release (make release writes it)"


def check(records: Records, hasher: Hasher, statement: Statement | None) -> Iterator[Finding]:
    """Root digest, every listed file, and files that are there and not listed."""
    yield compared(
        STAGE, "unlisted code in the project's own folder", "none", ", ".join(_code(hasher.root)) or "none"
    )
    if statement is None:
        yield unchecked(STAGE, "sha256 of every file", NONE)
        return
    yield compared(STAGE, "root digest", statement.root, root_digest(statement.sha256))
    there = {*listed(hasher.root)}
    wrong = [path for path in statement.sha256 if not _is_same(path, hasher, statement)]
    told = f"{len(statement.sha256) - len(wrong)} files as listed"
    yield Finding(STAGE, "sha256", told, told, True)
    old = [path for path in wrong if is_committed(hasher.root, path)]
    if old:
        what = f"{len(old)} files in git: {', '.join(old)}"
        yield Finding(STAGE, what, "as listed", outdated(hasher.root, old, MANIFEST, "make release"), False)
    for path in (path for path in wrong if path not in old):
        expected = statement.sha256[path]
        if (hasher.root / path).is_file():
            got = f"{TAMPERED}: {hasher.of(path).sha256}{restored(path, records)}"
            yield Finding(STAGE, path, expected, got, False)
        elif records.is_carried(path):
            yield unchecked(STAGE, path, NOT_PULLED, expected=expected)
        else:
            yield Finding(STAGE, path, expected, MISSING, False)
    strays = sorted(there - {*statement.sha256})
    yield compared(STAGE, f"unlisted files in {', '.join(FOLDERS)}", "none", ", ".join(strays) or "none")


def _code(root: Path) -> Iterator[str]:
    """What Python would import from the project's folder instead of an installed package of that name."""
    ends = (*all_suffixes(), ".pyd")
    for path in sorted(root.glob("[!.]*")):
        inside = path.glob("__init__.*") if path.is_dir() and path.name not in PACKAGES else ()
        if path.name.endswith(ends) or any(one.name.endswith(ends) for one in inside):
            yield f"{path.name} (move it away: Python would import it first)"


def _is_same(path: str, hasher: Hasher, statement: Statement) -> bool:
    return (hasher.root / path).is_file() and hasher.of(path).sha256 == statement.sha256[path]
