"""Put several files in place together: all of them, or none."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from stages.shell.errors import UserError
from stages.shell.runs import WORK


def place(contents: Mapping[Path, bytes], removed: Sequence[Path]) -> Path | None:
    """Write every file and remove the others; what was there before is copied to a folder of .work.

    If anything stops it (Ctrl-C, a full disk), everything is put back, unless the process is killed.

    Returns:
        the folder with the previous files, in the same layout; None if there were none.
    """
    there = [path for path in (*contents, *removed) if path.exists()]
    backup = _backup(there)
    with _parts(contents) as parts:
        try:
            for path, part in parts.items():
                part.replace(path)
            for path in removed:
                path.unlink()
                _drop_empty(path.parent)
        except BaseException:
            _put_back(contents, there, backup)
            raise
    return backup


def way_back(backup: Path) -> str:
    """The command that restores a backup."""
    return f"cp -R {backup}/. ."


def _backup(there: Sequence[Path]) -> Path | None:
    if not there:
        return None
    now = datetime.now().astimezone()
    folder = WORK / f"init-backup-{now:%Y-%m-%d}"
    number = 1
    while folder.exists():
        number += 1
        folder = WORK / f"init-backup-{now:%Y-%m-%d}-{number}"
    try:
        for path in there:
            copy = folder / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


@contextmanager
def _parts(contents: Mapping[Path, bytes]) -> Iterator[dict[Path, Path]]:
    """Write each file beside its place, under another name; remove at the end what was not moved."""
    parts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
            parts[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            parts[path].chmod(0o644)
        yield parts
    except PermissionError as error:
        raise UserError(f"{error.filename}: cannot be written: {error.strerror}") from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _put_back(contents: Mapping[Path, bytes], there: Sequence[Path], backup: Path | None) -> None:
    for path in contents:
        if path not in there:
            path.unlink(missing_ok=True)
    for path in there:
        if backup is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(backup / path, path)


def _drop_empty(folder: Path) -> None:
    """Remove empty folders: git keeps none, and `collect` would ask what they are."""
    while folder.parts and folder != Path() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
