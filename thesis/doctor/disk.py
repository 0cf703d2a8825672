"""Free disk where things will be written."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stages.shell.runs import WORK
from thesis.doctor.base import cache_of
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.needs import disk, fetched

if TYPE_CHECKING:
    from thesis.doctor.study import Study


DVC_CACHE = Path(".dvc/cache")
SPARE_BYTES = 2_000_000_000
"""Beyond the need; a system with less becomes slow."""


@dataclass(frozen=True)
class Place:
    """A disk, and what will be written to it."""

    device: int
    """The file system's number: places on one disk share its room."""
    holds: str
    free: int
    need: int


def check(study: "Study") -> list[Finding]:
    """Artifacts count where DVC's cache is: mostly on the project's own disk."""
    entry, shape = study.entry[1], study.shape
    to_fetch = fetched(shape, entry) if shape and study.folder is None else 0
    written = disk(study.n_lora) if shape else 0
    return judge(
        [
            look("project", WORK, 0),
            look("artifacts", DVC_CACHE, written),
            look("base's cache", cache_of(entry), to_fetch),
        ]
    )


def look(holds: str, path: Path, need: int) -> Place:
    """The disk that `path` lies on, or will lie on.

    Args:
        need: bytes still to be written there.
    """
    there = next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())
    return Place(there.stat().st_dev, holds, shutil.disk_usage(there).free, need)


def judge(places: Sequence[Place]) -> list[Finding]:
    """One line for each disk, with what its places need together."""
    by_device: dict[int, list[Place]] = {}
    for place in places:
        by_device.setdefault(place.device, []).append(place)
    return [_disk(shared) for shared in by_device.values()]


def _disk(places: Sequence[Place]) -> Finding:
    need, free = sum(place.need for place in places), min(place.free for place in places)
    holds = ", ".join(dict.fromkeys(place.holds for place in places))
    says = f"{holds}: {_gb(need)} still to be written, {_gb(free)} are free"
    remedy = "Make room (dvc gc -w removes old artifacts; THESIS_CACHE and HF_HOME move the base's cache)"
    if need > free:
        return problem(says, remedy)
    return warning(says, remedy) if free < need + SPARE_BYTES else ok(says)


def _gb(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.1f} GB"
