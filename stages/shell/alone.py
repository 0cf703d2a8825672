"""Lock that lets one process at a time run a stage, and tells another one who holds it."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from stages.common.files import read_json, write_json
from stages.shell.errors import UserError

HOLDER = "holder.json"
PATIENCE_SECONDS = 10.0
"""Time to wait for a stage whose dvc was killed; it ends within seconds."""
CLOCK_SECONDS = 60.0
"""Largest difference between two readings of a process's start time."""


@dataclass(frozen=True)
class Holder:
    """The process that works in a folder."""

    name: str
    pid: int
    since: float
    """Seconds since 1970."""

    def __str__(self) -> str:
        began = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.since))
        return f"{self.name} is running in process {self.pid} (since {began})"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Work in a folder that no other process works in meanwhile.

    Raises:
        UserError: there is one, and it does not end within PATIENCE_SECONDS.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / ".lock")
    _acquire(lock, home)
    try:
        write_json(home / HOLDER, asdict(Holder(home.name, os.getpid(), time.time())))
        yield
    finally:
        (home / HOLDER).unlink(missing_ok=True)
        lock.release()


def running(work: Path) -> Sequence[Holder]:
    """Processes that work in the subfolders of a folder."""
    return [found for file in sorted(work.glob(f"*/{HOLDER}")) if (found := holder_of(file.parent))]


def holder_of(home: Path) -> Holder | None:
    """The process that works there; None if there is none, or it was killed and left its note."""
    try:
        holder = Holder(**read_json(home / HOLDER))
        process = psutil.Process(holder.pid)
        has_begun = (
            process.create_time() < holder.since + CLOCK_SECONDS
        )  # else another process has its number
        is_alive = process.status() != psutil.STATUS_ZOMBIE
    except (UserError, TypeError, psutil.Error):
        return None
    return holder if has_begun and is_alive else None


def _acquire(lock: FileLock, home: Path) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"{_told(home)}; waiting {PATIENCE_SECONDS:.0f} s for its end", file=sys.stderr)
    else:
        return
    try:
        lock.acquire(timeout=PATIENCE_SECONDS)
    except Timeout:
        holder = holder_of(home)
        remedy = f"Wait until it ends, or end it: kill {holder.pid}" if holder else "Wait until it ends"
        raise UserError(f"{_told(home)}\n{remedy}") from None


def _told(home: Path) -> str:
    return str(holder_of(home) or f"{home.name} is running in another process")
