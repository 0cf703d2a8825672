"""DVC's notes on the processes that read and write outputs: .dvc/tmp/rwlock (dvc/rwlock.py)."""

import json
from collections.abc import Iterator
from pathlib import Path

RWLOCK = Path(".dvc/tmp/rwlock")


def holders(rwlock: Path = RWLOCK) -> Iterator[int]:
    """Processes that the file names. Killed ones stay in it."""
    try:
        locks = json.loads(rwlock.read_text("utf-8"))
        yield from (info["pid"] for info in locks.get("write", {}).values())
        yield from (info["pid"] for infos in locks.get("read", {}).values() for info in infos)
    except (OSError, ValueError, AttributeError, KeyError, TypeError):  # absent, or cut off by a crash
        return
