"""The files of an export: one file, a folder, or a zip; zips are read without unpacking them."""

import errno
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stages.common.files import sha256_of
from stages.shell.errors import UserError
from stages.shell.special import check_regular
from thesis.importing.zips import DAMAGED, DAMAGED_ZIP, Found, Member, Wanted, is_shadow, is_to_open


@dataclass(frozen=True)
class Export:
    sha256: str
    members: list[Member]
    zips: list[str]
    """Names of the zips that were opened."""
    n_unopened: int
    """Zips in it that were not."""


def outside(path: Path, project: Path) -> Path:
    """The export's place; UserError if it is not there, or lies in the project."""
    check_regular(path.expanduser())
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
def opened(path: Path, wanted: Wanted, beside: Wanted = lambda _: False) -> Iterator[Export]:
    """The wanted files of an export, also of zips in it; mistakes of a zip end as UserError.

    Args:
        beside: files that are given too, but do not count as found.
    """
    found = Found(str(path), wanted, beside)
    try:
        with found.stack:
            check_regular(path)
            if path.is_dir():
                _add_folder(found, path)
            elif not path.is_file():
                raise UserError(f"{path}: neither a file nor a folder")
            elif zipfile.is_zipfile(path):
                found.add_file(path, named=True)
            else:
                _not_an_archive(path)
                found.members.append(_file(path, path.name))
            sha256 = _sha256_of_all(found.members) if path.is_dir() else sha256_of(path)
            yield Export(sha256, found.members, found.zips, found.n_unopened)
    except (*DAMAGED, OSError) as error:
        if (
            isinstance(error, OSError) and error.errno != errno.EINVAL
        ):  # that is a place before the file's start
            raise
        raise UserError(f"{path}: {DAMAGED_ZIP}") from None


def _add_folder(found: Found, folder: Path) -> None:
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and not one.is_symlink()]
    named = [(PurePosixPath(folder.name, one.relative_to(folder).as_posix()), one) for one in files]
    own = [(name, file) for name, file in named if not is_shadow(name)]
    any_found = any(found.wanted(name) for name, _ in own)
    used = [file for name, file in own if found.wanted(name) or found.beside(name)]
    found.members += [_file(file, file.relative_to(folder).as_posix()) for file in used]
    for name, file in own:
        if is_to_open(name, any_found):
            found.add_file(file)


def _file(path: Path, name: str) -> Member:
    name = name.encode("utf-8", "replace").decode()  # it may stand in a message
    return Member(name, path.stat().st_size, lambda: path.open("rb"))


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
