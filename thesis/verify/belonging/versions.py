"""Versions of packages: those that the results were made with, and those that are here."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import stages
import thesis
from stages.common.files import read_json, sha256_of
from stages.shell.locked import installed_version, same_version
from stages.shell.runs import RECORDED
from thesis.verify.findings import Finding, unchecked
from thesis.verify.hashing import digest_of, files_below
from thesis.verify.statement import root_digest

STAGE = "versions"


def check(root: Path) -> Iterator[Finding]:
    """Each recorded run against this machine, and against the outputs that it describes; notes alone."""
    yield _code(root)
    yield _tree()
    runs = [read_json(file) for file in sorted((root / RECORDED).glob("*.json"))]
    if not runs:
        yield unchecked(STAGE, "of the recorded runs", f"{RECORDED} is empty", is_note=True)
    yield from _together("packages that the runs recorded", [_packages(run) for run in runs])
    yield from _together("outputs that the runs recorded", [_outputs(run, root) for run in runs])


def _together(what: str, findings: Sequence[Finding]) -> Iterator[Finding]:
    """One finding about all that are the same, and one about each that is not."""
    if n_same := sum(finding.is_same is True for finding in findings):
        told = f"those of {n_same} runs"
        yield Finding(STAGE, what, told, told, True)
    yield from (finding for finding in findings if not finding.is_same)


def _code(root: Path) -> Finding:
    """Whether the code that checks is the code that is checked."""
    is_here = Path(str(stages.__file__)).resolve().is_relative_to(root.resolve())
    got = "this project's" if is_here else "another folder's: its version may differ"
    return Finding(STAGE, "the code that verifies", "this project's", got, is_here, is_note=True)


def _tree() -> Finding:
    """sha256 of the code that verifies, which no manifest lists, for a comparison with the author's."""
    n, sha256 = tree_digest(Path(str(thesis.__file__)).parent)
    got = f"sha256 {sha256}: compare it with the one in the author's receipt (docs/verified.md)"
    return unchecked(STAGE, f"{n} files of thesis/, which verify", got, is_note=True)


def tree_digest(folder: Path) -> tuple[int, str]:
    """Number of files in a folder, and one sha256 of them all."""
    digests = {name: digest_of(folder / name).sha256 for name in files_below(folder)}
    return len(digests), root_digest(digests)


def _packages(run: Mapping[str, Any]) -> Finding:
    recorded: Mapping[str, str] = run.get("versions", {})
    here = {name: installed_version(name) or "not installed" for name in recorded}
    other = [name for name in recorded if not _is_same(here[name], recorded[name])]
    made = ", ".join(f"{name} {recorded[name]}" for name in other) or f"{len(recorded)} packages"
    got = ", ".join(f"{name} {here[name]}" for name in other) or made
    return Finding(STAGE, f"packages that ran {run['stage']}", made, got, not other, is_note=True)


def _is_same(here: str, recorded: str) -> bool:
    return here != "not installed" and same_version(here, recorded.partition("+")[0])


def _outputs(run: Mapping[str, Any], root: Path) -> Finding:
    """Whether a recorded run describes the outputs that are here."""
    outputs: Mapping[str, str] = run["outputs"]
    absent = [path for path in outputs if not (root / path).exists()]
    what, told = f"outputs of the recorded run of {run['stage']}", f"{len(outputs)} by sha256"
    if absent:
        return unchecked(STAGE, what, f"not there: {', '.join(absent)}", expected=told, is_note=True)
    other = [path for path, sha256 in outputs.items() if sha256_of(root / path) != sha256]
    got = f"another run's: {', '.join(other)}" if other else told
    return Finding(STAGE, what, told, got, not other, is_note=True)
