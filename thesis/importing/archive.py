"""The files of an export: one file, a folder, or a zip, which is read without unpacking it."""

import errno
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from stages.common.files import sha256_of
from stages.shell.errors import UserError
from stages.shell.special import check_regular
from thesis.importing.zips import DAMAGED, DAMAGED_ZIP, Export, Member, Wanted, is_shadow, is_to_open


def outside(path: Path, project: Path) -> Path:
    """The export's place; UserError if it does not exist, or is in the project."""
    check_regular(path.expanduser())
    place = path.expanduser().resolve()
    if not place.exists():
        remedy = "" if path.is_absolute() else f"; name the whole path, for example ~/Downloads/{path.name}"
        raise UserError(f"{path}: not found{remedy}")
    folder = project.resolve()
    repository = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
    if place.is_relative_to(folder) or place.is_relative_to(repository):
        raise UserError(
            f"{path}: lies in the project. An export holds all your conversations, "
            "and a project's files may be committed and published.\n"
            "Nothing was read. Move it out, for example to ~/Downloads"
        )
    return place


@contextmanager
def opened(path: Path, wanted: Wanted, beside: Wanted = lambda _: False) -> Iterator[Export]:
    """The wanted files of an export, also those in its zips; UserError if a zip is damaged.

    Args:
        beside: accepts further files, which do not count as found.
    """
    export = Export(str(path), wanted, beside)
    try:
        with export.stack:
            check_regular(path)
            if path.is_dir():
                _add_folder(export, path)
            elif not path.is_file():
                raise UserError(f"{path}: neither a file nor a folder")
            elif zipfile.is_zipfile(path):
                export.add_file(path, named=True)
            elif path.suffix.lower() in (".zip", ".tgz", ".gz", ".7z", ".rar"):
                raise UserError(
                    f"{path}: not a zip, or not downloaded to its end.\n"
                    "Download it again; unpack other archives outside the project, and name the folder"
                )
            else:
                export.members.append(_member(path, path.name))
            export.sha256 = _sha256_of_all(export.members) if path.is_dir() else sha256_of(path)
            yield export
    except (*DAMAGED, OSError) as error:
        # EINVAL: the zip names a place before the file's start.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise UserError(f"{path}: {DAMAGED_ZIP}") from None


def _add_folder(export: Export, folder: Path) -> None:
    files = {
        PurePosixPath(folder.name, one.relative_to(folder).as_posix()): one
        for one in sorted(folder.rglob("*"))
        if one.is_file() and not one.is_symlink()
    }
    own = {name: file for name, file in files.items() if not is_shadow(name)}
    any_found = any(map(export.wanted, own))
    for name, file in own.items():
        if export.wanted(name) or export.beside(name):
            export.members.append(_member(file, file.relative_to(folder).as_posix()))
    for name, file in own.items():
        if is_to_open(name, any_found):
            export.add_file(file)


def _member(path: Path, name: str) -> Member:
    name = name.encode("utf-8", "replace").decode()  # a message may contain it
    return Member(name, path.stat().st_size, lambda: path.open("rb"))


def _sha256_of_all(members: list[Member]) -> str:
    digest = hashlib.sha256()
    for member in members:
        with member.open() as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())  # type: ignore[arg-type]
    return digest.hexdigest()
