"""From the zip back to a clone with everything in its place."""

import tempfile
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from stages.shell.errors import UserError, mistakes
from thesis.archive.check import CHECKS, SUMS, found_by
from thesis.archive.contents import BUNDLE
from thesis.programs import dvc, git

OWN = "store"
"""The remote of every clone, which git carries: release/store."""


def restore(archive: Path, folder: Path) -> None:
    """Make a clone of an archive, with its artifacts; whole or not at all.

    Args:
        folder: the new clone; a folder that is there must be empty.

    Raises:
        UserError: the folder is in the way, or the archive is not whole.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(
            f"{folder}: is there already\nName another folder: thesis archive --restore {archive} FOLDER"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder.parent) as home:
        parts = Path(home) / "archive"
        unpack(archive, parts)
        refuse_damage(archive, parts)
        clone = Path(home) / "clone"
        git("clone", "--quiet", "--branch", "main", str(parts / BUNDLE), str(clone.absolute()))
        git("remote", "remove", "origin", root=clone)
        dvc("pull", "--quiet", "--remote", OWN, root=clone)
        clone.replace(folder)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip; names that lead out of the folder stay inside it.

    Raises:
        UserError: it is no zip, or a damaged one.
    """
    if not archive.is_file():
        raise UserError(f"{archive}: not found")
    try:
        with ZipFile(archive) as files:
            files.extractall(folder)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise UserError(
            f"{archive}: no whole zip ({error})\nGet it again from where it is published"
        ) from None


def refuse_damage(archive: Path, parts: Path) -> None:
    """Refuse an archive that its own check finds fault with."""
    if not (parts / SUMS).is_file():
        raise UserError(f"{archive}: has no {SUMS}, so it is no zip that thesis archive wrote")
    if wrong := [line for _, find in CHECKS for line in found_by(find, parts)]:
        raise mistakes(f"{archive}: not as it was made", wrong, "Get it again from where it is published")
