"""Recorded runs that describe the project as it is now."""

import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.common.params import read_yaml
from stages.shell.errors import UserError
from stages.shell.runs import RECORDED, RUNS, is_current
from stages.shell.used import value_at

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
    """Seconds by stage, from runs in one process with these params, base and people on a system like this.

    Args:
        folder: .work/runs for runs of this computer, metrics/runs for committed runs.
    """
    lock = _lock()
    if not _same_people(lock):
        return {}
    found = {}
    here = f"{platform.system()} {platform.machine()}"
    for stage in STAGES:
        run = _run(folder / f"{stage}.json")
        if (
            run
            and run["system"] == here
            and run.get("device", device) == device
            and run.get("processes", 1) == 1
            and _same_params(lock.get(stage, {}))
            and is_current(run)
        ):
            found[stage] = float(run["seconds"])
    return found


def current_runs() -> dict[str, dict[str, Any]]:
    """The run that made the present outputs, by stage; runs of this computer come first."""
    found = {}
    for stage in STAGES:
        runs = [_run(folder / f"{stage}.json") for folder in (RUNS, RECORDED)]
        if run := next((run for run in runs if run and is_current(run)), None):
            found[stage] = run
    return found


def _run(file: Path) -> dict[str, Any]:
    try:
        run = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) and {"seconds", "system", "outputs"} <= {*run} else {}


def _same_params(locked: Mapping[str, Any]) -> bool:
    """Whether dvc.lock has a stage's params as they are now."""
    try:
        return bool(locked) and all(
            value_at(read_yaml(Path(file)), key) == value
            for file, values in locked.get("params", {}).items()
            for key, value in values.items()
        )
    except UserError:
        return False


def _same_people(lock: Mapping[str, Any]) -> bool:
    deps = [dep for dep in lock.get("prepare", {}).get("deps", []) if dep["path"].startswith(RAW)]
    return bool(deps) and all(_md5(Path(dep["path"])) == dep["md5"] for dep in deps)


def _md5(file: Path) -> str:
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest() if file.exists() else ""


def _lock() -> dict[str, Any]:
    try:
        content = read_yaml(LOCK)
    except UserError:
        return {}
    stages = content.get("stages", {}) if isinstance(content, dict) else {}
    return stages if isinstance(stages, dict) else {}
