"""Whether this platform is the one that a stage was run on: then its outputs must have the same bytes."""

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stages.common.files import read_json, read_text, sha256_of
from stages.shell.errors import UserError
from stages.shell.locked import installed_version, locked_versions, same_version
from stages.shell.runs import LOCK, RECORDED
from thesis.verify.findings import DAMAGE, Finding, unchecked

COMPUTE = ("numpy", "scipy", "pandas")
"""Recorded packages that the numbers depend on. No stage that is made again loads torch."""
DRAW = ("jinja2", "matplotlib")
"""Packages that figures and pages depend on. A run records only the lock that pins them."""


def platform_of(root: Path, stage: str) -> Finding:
    """A note that says whether the bytes of a stage's outputs must be equal here.

    A run records system, machine, Python and packages, not the processor.
    """
    what = "platform of the recorded run"
    try:
        run = read_json(root / RECORDED / f"{stage}.json")
        other = [*_differences(root, run)]
        recorded = f"{run['system']}, Python {run['python']}, " + ", ".join(
            f"{name} {run['versions'][name]}" for name in COMPUTE
        )
    except (UserError, *DAMAGE):
        reason = "not recorded: numbers may differ within the tolerance"
        return unchecked(stage, what, reason, is_note=True)
    got = (
        f"{'; '.join(other)}: numbers may differ within the tolerance"
        if other
        else "the same, so the bytes must be equal"
    )
    return Finding(stage, what, recorded, got, not other, is_note=True)


def _differences(root: Path, run: Any) -> Iterator[str]:
    """What is here, where it is not what the run recorded."""
    system = f"{platform.system()} {platform.machine()}"
    if system != run["system"]:
        yield system
    if platform.python_version_tuple()[:2] != tuple(run["python"].split(".")[:2]):
        yield f"Python {platform.python_version()}"
    if sha256_of(root / LOCK) != run["lock_sha256"]:
        yield f"another {LOCK}"
    pins = locked_versions(read_text(root / LOCK))
    recorded = {name: run["versions"][name] for name in COMPUTE}
    recorded |= {name: pins[name] for name in DRAW if name in pins}
    for name, version in recorded.items():
        here = installed_version(name)
        if here is None or not same_version(here, version.partition("+")[0]):
            yield f"{name} {here or 'not installed'}"
