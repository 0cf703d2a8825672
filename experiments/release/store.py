"""release/store/: a DVC remote in git, one file per object, named by its md5."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from experiments.release.outputs import listed_in
from thesis.verify.artifacts import STORE
from thesis.verify.belonging.store import is_sound, place


def files_of(store: Path = STORE) -> list[Path]:
    """Every file in the store."""
    return sorted(path for path in store.rglob("*") if not path.is_dir())


def add(objects: Mapping[str, Path | bytes]) -> None:
    """Write the objects that are not there as they should be; each appears whole."""
    for md5, content in objects.items():
        path = place(md5)
        if path.is_file() and is_sound(path):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        if isinstance(content, bytes):
            part.write_bytes(content)
        else:
            shutil.copyfile(content, part)
        part.replace(path)


def with_members(md5s: Iterable[str]) -> set[str]:
    """Those objects that are in the store, and those that their folders list."""
    found = {md5 for md5 in md5s if place(md5).is_file()}
    folders = [place(md5).read_bytes() for md5 in found if md5.endswith(".dir")]
    members = {md5 for content in folders for md5 in listed_in(content)}
    return found | {md5 for md5 in members if place(md5).is_file()}


def prune(keep: Iterable[str]) -> int:
    """Delete every file but the objects to keep, and return how many were deleted."""
    kept = {*map(place, keep)}
    superfluous = [path for path in files_of() if path not in kept]
    for path in superfluous:
        path.unlink()
    for folder in sorted((path for path in STORE.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return len(superfluous)


def size_of(content: Path | bytes) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size
