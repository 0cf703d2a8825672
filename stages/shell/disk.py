"""Room on the disk of a path that may not exist yet."""

import shutil
from pathlib import Path


def existing(path: Path) -> Path:
    """The path, or the closest folder above it that exists."""
    whole = path.absolute()
    return next(place for place in (whole, *whole.parents) if place.exists())


def free_bytes(path: Path) -> int:
    """Unused bytes of the disk that `path` lies on or will lie on."""
    return shutil.disk_usage(existing(path)).free
