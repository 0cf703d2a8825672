"""How long each stage took before, where that run was of the same params, base and people."""

import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.common.files import sha256_of
from stages.common.params import read_yaml
from stages.shell.errors import UserError
from stages.shell.runs import RECORDED, RUNS

LOCK = Path("dvc.lock")
STAGES = (
    "prepare",
    "train_original",
    "train_augmented",
    "score",
    "generate",
    "collect",
    "evaluate",
    "report",
)
RAW = "data/raw/"


def seconds_before(device: str, folder: Path = RUNS) -> dict[str, float]:
    """Seconds by stage, of runs that describe the present study.

    Args:
        folder: .work/runs for runs of this computer, metrics/runs for those that are committed.
    """
    lock = _lock()
    if not _same_people(lock):
        return {}
    found = {}
    for stage in STAGES:
        run = _run(folder / f"{stage}.json")
        if run and _fits(run, device) and _same_params(lock.get(stage, {})) and _current(run):
            found[stage] = float(run["seconds"])
    return found


def committed(device: str) -> dict[str, float]:
    """The same of the committed runs, which may be another computer's."""
    return seconds_before(device, RECORDED)


def current_runs() -> dict[str, dict[str, Any]]:
    """By stage: the run that made the outputs as they are, this computer's own first."""
    found = {}
    for stage in STAGES:
        runs = [_run(folder / f"{stage}.json") for folder in (RUNS, RECORDED)]
        if run := next((run for run in runs if run and _current(run)), None):
            found[stage] = run
    return found


def _run(file: Path) -> dict[str, Any]:
    try:
        run = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) and {"seconds", "system", "outputs"} <= {*run} else {}


def _fits(run: Mapping[str, Any], device: str) -> bool:
    here = f"{platform.system()} {platform.machine()}"
    return bool(run["system"] == here) and run.get("device", device) == device


def _current(run: Mapping[str, Any]) -> bool:
    return all(Path(path).exists() and sha256_of(Path(path)) == sha for path, sha in run["outputs"].items())


def _same_params(locked: Mapping[str, Any]) -> bool:
    """Whether dvc.lock has a stage's params as they stand now."""
    params = locked.get("params", {})
    try:
        return bool(locked) and all(
            _at(read_yaml(Path(file)), key) == value
            for file, values in params.items()
            for key, value in values.items()
        )
    except UserError:
        return False


def _same_people(lock: Mapping[str, Any]) -> bool:
    deps = [dep for dep in lock.get("prepare", {}).get("deps", []) if dep["path"].startswith(RAW)]
    return bool(deps) and all(_md5(Path(dep["path"])) == dep["md5"] for dep in deps)


def _md5(file: Path) -> str:
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest() if file.exists() else ""


def _at(content: Any, key: str) -> Any:
    for part in key.split("."):
        content = content.get(part) if isinstance(content, dict) else None
    return content


def _lock() -> dict[str, Any]:
    try:
        content = read_yaml(LOCK)
    except UserError:
        return {}
    stages = content.get("stages", {}) if isinstance(content, dict) else {}
    return stages if isinstance(stages, dict) else {}
