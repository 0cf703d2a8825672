"""Hashes of files and folders: our own, apart from DVC's code and from what DVC remembers.

A file's md5 is that of its bytes. A folder's is the md5 of the JSON list of its files' md5s and paths.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

IGNORED = (
    ".DS_Store", "._*", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", ".work",
    "*.egg-info", "*.pyc", "__pycache__", ".*.sw?", ".#*", "*~", "~$*",
)  # fmt: skip
"""What programs leave beside our files: the names in .dvcignore, which an author could edit."""
CHUNK_BYTES = 2**20
FOLDER = ".dir"


@dataclass(frozen=True)
class Digest:
    """Both hashes of one file, from one reading."""

    md5: str
    sha256: str


class Hasher:
    """Reads each file of a project once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, Digest] = {}

    def of(self, path: str) -> Digest:
        """Hashes of a file.

        Args:
            path: from the project's folder.
        """
        if path not in self._known:
            self._known[path] = digest_of(self.root / path)
        return self._known[path]

    def listing(self, folder: str) -> dict[str, str]:
        """md5 by path within a folder."""
        return {name: self.of(f"{folder}/{name}").md5 for name in files_below(self.root / folder)}

    def md5(self, path: str) -> str | None:
        """The md5 that DVC would record; None if there is nothing."""
        place = self.root / path
        if place.is_dir():
            return directory_md5(self.listing(path))
        return self.of(path).md5 if place.is_file() else None


def digest_of(file: Path) -> Digest:
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            md5.update(chunk)
            sha256.update(chunk)
    return Digest(md5.hexdigest(), sha256.hexdigest())


def md5_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def directory_md5(listing: Mapping[str, str]) -> str:
    """The hash of a folder.

    Args:
        listing: md5 by path within the folder.

    >>> directory_md5({"a": "0cc175b9c0f1b6a831c399e269772661"})
    '580614454446a0c6c4af2f3dae1f8d2b.dir'
    """
    return hashlib.md5(folder_object(listing), usedforsecurity=False).hexdigest() + FOLDER


def folder_object(listing: Mapping[str, str]) -> bytes:
    """The object of a folder, byte for byte as DVC writes it.

    >>> folder_object({"b": "1", "a/c": "2"})
    b'[{"md5": "2", "relpath": "a/c"}, {"md5": "1", "relpath": "b"}]'
    """
    return json.dumps([{"md5": md5, "relpath": path} for path, md5 in sorted(listing.items())]).encode()


def files_below(folder: Path) -> list[str]:
    """Paths of all files in a folder, sorted; links to folders count as files."""
    return sorted(path.relative_to(folder).as_posix() for path in _walk(folder))


def is_ignored(name: str) -> bool:
    """Whether a file or folder is one that programs leave behind."""
    return any(fnmatchcase(name, pattern) for pattern in IGNORED)


def _walk(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if is_ignored(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)
