"""A file system that fills up while a stage writes."""

import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from experiments.faults.hashes import forget_stage
from experiments.faults.killing import command
from experiments.faults.outcomes import Outcome, after_repro
from experiments.faults.scratch import Project

BALLAST = "ballast"
SPARE_BYTES = 64 * 1024 * 1024
MOST_ROOM = 1.5
"""Room that is left at most, as a share of what a stage writes. DVC writes it once more, into its cache."""
TMPFS = "a full disk (tmpfs)"
LIMITED = "a full disk (RLIMIT_FSIZE)"
"""Where no file system can be mounted: files cannot grow beyond some size."""


def filled(
    project: Project, undisturbed: Mapping[str, bytes], stages: list[str], seed: int
) -> Iterator[Outcome]:
    """Run each stage on a disk that fills up; then make room and run again."""
    draws = random.Random(seed)
    with small_disk(project) as disk:
        kind = TMPFS if disk else LIMITED
        there = project.copy(disk / "project") if disk else project
        for stage in stages:
            room = int(draws.uniform(0, MOST_ROOM) * forget_stage(there, stage))
            if disk:
                _fill(disk, room)
                code = there.run(sys.executable, *command(stage))
                (disk / BALLAST).unlink()
            else:
                code = there.run(sys.executable, *command(stage), before=_limit(room))
            what = f"{stage} with room for {room} bytes, which {'failed' if code else 'was enough'}"
            yield after_repro(there, undisturbed, kind, what)


@contextmanager
def small_disk(project: Project) -> Iterator[Path | None]:
    """A small file system of its own; None if this user may not mount one."""
    place = project.folder.parent / "disk"
    place.mkdir()
    size = sum(file.stat().st_size for file in project.folder.rglob("*") if file.is_file())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={3 * size + SPARE_BYTES}", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _fill(disk: Path, room: int) -> None:
    free = shutil.disk_usage(disk).free
    with (disk / BALLAST).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(free - room, 1))


def _limit(n_bytes: int) -> Callable[[], None]:
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, most))
