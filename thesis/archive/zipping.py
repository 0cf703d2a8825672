"""A zip whose bytes depend on its files and one moment alone."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from thesis.archive.check import SUMS
from thesis.archive.git import Kept

UNIX = 3
"""Made on a system with file modes, wherever it was made."""


def with_sums(files: Mapping[str, Kept]) -> dict[str, Kept]:
    """The files, and a list of their sha256 that `sha256sum --check` reads too."""
    listed = (f"{hashlib.sha256(files[name].content).hexdigest()}  {name}\n" for name in sorted(files))
    return {**files, SUMS: Kept("".join(listed).encode())}


def write_zip(path: Path, files: Mapping[str, Kept], moment: datetime) -> None:
    """Write a zip by atomic rename, so that a crash leaves the old one.

    Nothing is compressed: zlib's versions compress differently, and weights hardly shrink.

    Args:
        moment: the time of every file, in UTC.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file, ZipFile(file, "w", ZIP_STORED) as target:
            for name in sorted(files):
                target.writestr(_entry(name, moment, files[name].is_executable), files[name].content)
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _entry(name: str, moment: datetime, is_executable: bool) -> ZipInfo:
    entry = ZipInfo(name, moment.timetuple()[:6])
    entry.create_system = UNIX
    entry.external_attr = (0o100755 if is_executable else 0o100644) << 16
    return entry
