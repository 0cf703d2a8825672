"""The repository, its remote and its locks, and the versions that results were made with."""

import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil

from stages.common.files import read_text, sha256_of
from stages.shell.current import current_runs
from stages.shell.ending import holders
from stages.shell.locked import locked_versions, same_version
from stages.shell.runs import LOCK
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.project import Project
from thesis.doctor.waiting import PATIENCE_SECONDS, within

INPUTS = ("params.yaml", "dvc.yaml", "dvc.lock", "models/bases.yaml", "data", "stages")
STORE = "store"
"""The remote in release/store, which only `make release` fills."""
BUSY = "Wait until it ends: a second dvc that needs the same stages fails at once, even with --wait-for-lock"


def check_artifacts(project: Project) -> list[Finding]:
    git, dvc = Path(".git").exists(), Path(".dvc").is_dir()
    findings = [inputs(git, dvc, _uncommitted() if git else []), *locks(sorted({*holders()}))]
    return [*findings, remote(*_remote())] if dvc else findings


def inputs(git: bool, dvc: bool, uncommitted: Sequence[str]) -> Finding:
    """Whether git and DVC keep the project.

    Args:
        uncommitted: inputs that git does not have as they are.
    """
    if not dvc:
        return problem("this folder is no DVC project (no .dvc)", "cd into the clone, or: dvc init")
    if not git:
        return warning("this folder is no git repository: no number can be traced", "git init")
    if not uncommitted:
        return ok("under git and DVC; inputs are committed")
    return ok(f"under git and DVC; not committed yet: {', '.join(uncommitted)}")


def locks(pids: Sequence[int]) -> list[Finding]:
    """Which of the processes that took a lock still hold it."""
    if running := [str(pid) for pid in pids if psutil.pid_exists(pid)]:
        return [warning(f"dvc is running in process {', '.join(running)}", BUSY)]
    return [ok("a process that has ended left a lock; dvc removes it")] if pids else []


def remote(name: str, unreachable: str) -> Finding:
    """Whether artifacts can be pushed.

    Args:
        name: the default remote; "" if there is none.
        unreachable: why it cannot be listed; "" if it can.
    """
    if name in ("", STORE):
        return warning(
            "no DVC remote of your own: what you train and generate exists on this computer alone",
            "make remote URL=/Volumes/disk/thesis (or s3://…, ssh://…, webdavs://…), then: make push",
        )
    if unreachable:
        remedy = "Check the network or plug the disk in; another place: make remote URL=…"
        return warning(f"the DVC remote {name} cannot be reached: {unreachable}", remedy)
    return ok(f"the DVC remote {name} can be reached")


def _remote() -> tuple[str, str]:
    """Name of the default remote, and why it cannot be listed."""
    from dvc.config import Config, ConfigError

    try:
        name = Config.from_cwd(validate=True)["core"].get("remote") or ""
    except ConfigError as error:
        return "(default)", str(error)
    if not name:
        return "", ""
    try:
        within(PATIENCE_SECONDS, lambda: _list(name))
    except Exception as error:  # noqa: BLE001 -- each file system has errors of its own
        return name, (str(error).splitlines() or [type(error).__name__])[0]
    return name, ""


def _list(name: str) -> None:
    """Look at the remote; raises if it is not there."""
    from dvc.repo import Repo

    place: Any = Repo().cloud.get_remote(name)
    fs, path = place.fs, place.path
    if fs.protocol in ("http", "https"):
        _answers(path)
    elif not fs.exists(path) and not fs.exists(fs.parent(path)):  # the first push makes the last folder
        raise FileNotFoundError("there is no such place")


def _answers(address: str) -> None:
    """Whether a web server is there; many list no folder, and say so with an error."""
    with suppress(HTTPError):
        urlopen(Request(address, method="HEAD"), timeout=PATIENCE_SECONDS).close()


def _uncommitted() -> list[str]:
    command = ["git", "status", "--porcelain", "--", *INPUTS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line[3:] for line in done.stdout.splitlines()]


def check_versions(project: Project) -> list[Finding]:
    return judge_versions(current_runs(), locked_versions(read_text(LOCK)), sha256_of(LOCK))


def judge_versions(
    runs: Mapping[str, Mapping[str, Any]], pins: Mapping[str, str], sha256: str
) -> list[Finding]:
    """Compare the versions that results were made with to those of the lock.

    Args:
        runs: recorded runs by stage.
        pins: the lock's versions by package.
        sha256: hash of the lock.
    """
    stages_by_version = defaultdict(list)
    for stage, run in runs.items():
        for package, version in run.get("versions", {}).items():
            if package in pins and not same_version(version, pins[package]):
                stages_by_version[f"{package} {version} ({LOCK}: {pins[package]})"].append(stage)
    if stages_by_version:
        told = "; ".join(f"{', '.join(stages)}: {what}" for what, stages in stages_by_version.items())
        return [
            warning(
                f"made with other versions than {LOCK} names: {told}",
                "Say so where you report the numbers, or make them with these versions: dvc repro -f",
            )
        ]
    changed = [stage for stage, run in runs.items() if run.get("lock_sha256", sha256) != sha256]
    if changed:
        return [
            ok(f"{LOCK} has changed since {', '.join(changed)} ran, in no package that results depend on")
        ]
    return [ok(f"the results that are here were made with the versions of {LOCK}")] if runs else []
