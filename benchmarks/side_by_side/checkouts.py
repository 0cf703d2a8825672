"""Checkouts of a commit, with the data, adapters and settings of the present state."""

import shutil
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

import yaml

from benchmarks.side_by_side.environments import cache_folder
from stages.common.params import read_yaml
from stages.generate.__main__ import ADAPTERS
from stages.shell.errors import UserError

OLD = "9456b0d"
"""Our own code before decoding and products were made faster."""
PRESENT = ("data/prepared", "data/schema", "data/prompts.yaml", "models", "params.yaml")
"""What every checkout reads as it is now, so that all do the same work."""

WITH_OLD, WITH_ADAPTERS = {"training", "generation", "score", "repro"}, {"generation", "score"}
"""Lines that our earlier code is measured for, and lines that need the trained adapters."""


def refuse_missing(lines: Collection[str]) -> None:
    """UserError before anything is measured, if git, our earlier code or the adapters are missing."""
    here = ["git", "rev-parse", "--verify", "--quiet", "HEAD"]
    if shutil.which("git") is None or subprocess.run(here, capture_output=True, check=False).returncode:
        raise UserError(
            "git does not tell which code is measured: it is not installed, or this folder is not a clone\n"
            "Install git, and clone the project with it"
        )
    known = ["git", "cat-file", "-e", f"{OLD}^{{commit}}"]
    if WITH_OLD & {*lines} and subprocess.run(known, capture_output=True, check=False).returncode:
        raise UserError(
            f"git does not find commit {OLD} here, our earlier code that is measured beside today's\n"
            "Take a whole clone (in a shallow one: git fetch --unshallow), or name other lines with --only"
        )
    missing = [folder for folder in ADAPTERS.values() if not (folder / "manifest.json").exists()]
    if WITH_ADAPTERS & {*lines} and missing:
        raise UserError(f"{missing[0]}: no complete adapter (no manifest.json)\nTrain it: dvc repro")


def checkout(
    commit: str | None, *, name: str = "present", generate: Mapping[str, int] | None = None, records: int = 0
) -> Path:
    """The code of a commit, or as it lies in this folder, with the present data; its outputs stay there.

    Args:
        name: of the folder, for the present code.
        generate: settings of params.yaml that are replaced.
        records: of each held-out file, the first ones alone; 0 for all.
    """
    folder = cache_folder() / "checkouts" / (commit or name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if commit:
        archive = subprocess.run(["git", "archive", commit], capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    else:
        _copy("stages", folder)
        _copy("dvc.yaml", folder)
    for path in PRESENT:
        _copy(path, folder)
    _set(folder / "params.yaml", generate or {})
    for file in folder.glob("data/prepared/*/[vt]*.jsonl") if records else ():
        if file.stem != "train":
            file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:records]), "utf-8")
    return folder


def _set(file: Path, generate: Mapping[str, int]) -> None:
    params = read_yaml(file)
    params["generate"] |= generate
    file.write_text(yaml.safe_dump(params), "utf-8")


def clone(commit: str | None, folder: Path) -> None:
    """A fresh clone at a commit; without one, at the present commit."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ".", str(folder)], check=True)
    subprocess.run(["git", "checkout", "--quiet", commit or "HEAD"], cwd=folder, check=True)


def _copy(path: str, folder: Path) -> None:
    if Path(path).is_dir():
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(path, folder / path, dirs_exist_ok=True, ignore=ignored)
    else:
        shutil.copy2(path, folder / path)
