"""Results that were made with other versions than requirements.lock names now."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stages.common.files import read_text, sha256_of
from stages.shell.locked import locked_versions, same_version
from stages.shell.runs import LOCK
from thesis.doctor.findings import Finding, ok, warning
from thesis.doctor.runs import current_runs

if TYPE_CHECKING:
    from thesis.doctor.study import Study


def check(study: "Study") -> list[Finding]:
    return judge(current_runs(), locked_versions(read_text(LOCK)), sha256_of(LOCK))


def judge(runs: Mapping[str, Mapping[str, Any]], pins: Mapping[str, str], sha256: str) -> list[Finding]:
    """
    Args:
        runs: by stage, as they were recorded.
        pins: versions by package, as the lock has them now.
        sha256: the lock's.
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
