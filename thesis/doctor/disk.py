"""Room on the disks, against what is still to be written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.common.llm.bases import cache_of
from stages.shell.disk import existing, free_bytes
from stages.shell.runs import WORK
from thesis.doctor import needs
from thesis.doctor.findings import Finding, gigabytes, ok, problem, warning
from thesis.doctor.project import Project

DVC_CACHE = Path(".dvc/cache")
SPARE_BYTES = 2_000_000_000
"""Room beyond the need; a system with less becomes slow."""
REMEDY = "Make room (dvc gc -w removes old artifacts; THESIS_CACHE and HF_HOME move the base's cache)"


@dataclass(frozen=True)
class Place:
    """A disk, and what will be written to it."""

    device: int
    """Number of the file system: places on one disk share its room."""
    holds: str
    free: int
    need: int


def check(project: Project) -> list[Finding]:
    """Room on each disk. Artifacts count where DVC's cache is, mostly on the project's own disk."""
    entry, shape = project.entry[1], project.shape
    to_fetch = needs.fetched(shape, entry) if shape and project.folder is None else 0
    written = needs.disk(project.n_lora) if shape else 0
    return judge(
        [
            place_of("project", WORK, 0),
            place_of("artifacts", DVC_CACHE, written),
            place_of("base's cache", cache_of(entry), to_fetch),
        ]
    )


def place_of(holds: str, path: Path, need: int) -> Place:
    """The disk that `path` lies on or will lie on.

    Args:
        need: bytes still to be written there.
    """
    return Place(existing(path).stat().st_dev, holds, free_bytes(path), need)


def judge(places: Sequence[Place]) -> list[Finding]:
    """One line for each disk, with what its places need together."""
    by_device = defaultdict(list)
    for place in places:
        by_device[place.device].append(place)
    return [_disk(shared) for shared in by_device.values()]


def _disk(places: Sequence[Place]) -> Finding:
    need, free = sum(place.need for place in places), min(place.free for place in places)
    holds = ", ".join(dict.fromkeys(place.holds for place in places))
    says = f"{holds}: {gigabytes(need)} will be written, {gigabytes(free)} are free"
    if need > free:
        return problem(says, REMEDY)
    return warning(says, REMEDY) if free < need + SPARE_BYTES else ok(says)
