"""The files of an export: one file, an unpacked folder, or a zip that is read without unpacking it."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from stages.common.errors import UserError
from stages.common.files import sha256_of

MAX_TOTAL_BYTES = 4 * 2**30
"""Unpacked, of the files that are read."""
MAX_RATIO = 200
"""Unpacked to packed; chats shrink to a fifth or a twentieth, a zip bomb to a thousandth."""
_RATIO_COUNTS_FROM = 2**20


@dataclass(frozen=True)
class Member:
    """A file of the export."""

    name: str
    size: int
    """Bytes, unpacked."""
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Export:
    sha256: str
    members: list[Member]


def outside(path: Path, project: Path) -> Path:
    """The export's place; UserError if it is not there, or lies in the project."""
    place = path.expanduser().resolve()
    if not place.exists():
        remedy = "" if path.is_absolute() else f"; name the whole path, for example ~/Downloads/{path.name}"
        raise UserError(f"{path}: not found{remedy}")
    for root in (project.resolve(), _repository(project.resolve())):
        if place.is_relative_to(root):
            raise UserError(
                f"{path}: lies in the project. An export holds all your conversations, and what lies here "
                "may be committed and published.\nNothing was read. Move it out, for example to ~/Downloads"
            )
    return place


@contextmanager
def opened(path: Path, wanted: Callable[[PurePosixPath], bool]) -> Iterator[Export]:
    """The wanted files of an export; mistakes of the zip end as UserError, also while it is read."""
    if path.is_dir():
        members = [_file(file) for file in sorted(path.rglob("*")) if _is_wanted(file, path, wanted)]
        yield Export(_sha256_of_all(members), members)
        return
    if not path.is_file():
        raise UserError(f"{path}: neither a file nor a folder")
    if not zipfile.is_zipfile(path):
        _not_an_archive(path)
        yield Export(sha256_of(path), [_file(path)])
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield Export(sha256_of(path), [_member(archive, one) for one in _checked(archive, path, wanted)])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise UserError(
            f"{path}: the zip is damaged, or not downloaded to its end: download it again"
        ) from None


def _checked(
    archive: zipfile.ZipFile, path: Path, wanted: Callable[[PurePosixPath], bool]
) -> list[zipfile.ZipInfo]:
    """The wanted entries, if nothing about the zip is suspicious."""
    for number, info in enumerate(archive.infolist(), start=1):
        problem = _problem(info)
        if problem:
            raise UserError(
                f"{path}: entry {number} of the zip {problem}; no product makes such exports.\n"
                "Nothing was read. Take the zip as it came from the product"
            )
    found = [one for one in archive.infolist() if not one.is_dir() and wanted(PurePosixPath(one.filename))]
    if any(info.flag_bits & 0x1 for info in found):
        raise UserError(
            f"{path}: the zip asks for a password. Unpack it outside of the project, name the folder"
        )
    total = sum(info.file_size for info in found)
    if total > MAX_TOTAL_BYTES or any(_is_bomb(info) for info in found):
        packed = path.stat().st_size
        raise UserError(
            f"{path}: {packed / 1e6:,.1f} MB that unpack to {total / 1e6:,.0f} MB, like a zip bomb: more "
            f"than {MAX_RATIO} times as much, or more than {MAX_TOTAL_BYTES / 1e9:.1f} GB.\nNothing was read"
        )
    return found


def _problem(info: zipfile.ZipInfo) -> str | None:
    name = PurePosixPath(info.orig_filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or (name.parts and name.parts[0].endswith(":")):
        return "climbs out of the folder it is unpacked to"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    return None


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > max(_RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    return Member(
        f"{Path(archive.filename or '').name}/{info.filename}", info.file_size, lambda: archive.open(info)
    )


def _file(path: Path) -> Member:
    return Member(path.name, path.stat().st_size, lambda: path.open("rb"))


def _is_wanted(file: Path, folder: Path, wanted: Callable[[PurePosixPath], bool]) -> bool:
    name = PurePosixPath(folder.name, file.relative_to(folder).as_posix())
    return file.is_file() and not file.is_symlink() and wanted(name)


def _sha256_of_all(members: list[Member]) -> str:
    digest = hashlib.sha256()
    for member in members:
        with member.open() as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())  # type: ignore[arg-type]
    return digest.hexdigest()


def _not_an_archive(path: Path) -> None:
    if path.suffix.lower() in (".zip", ".tgz", ".gz", ".7z", ".rar"):
        raise UserError(
            f"{path}: not a zip, or not downloaded to its end.\n"
            "Download it again; other archives: unpack them outside of the project and name the folder"
        )


def _repository(folder: Path) -> Path:
    """The git repository around a folder, or the folder."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
