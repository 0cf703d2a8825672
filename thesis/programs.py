"""Run git and dvc, and read what they print."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from stages.shell.errors import UserError

GIT = ("git", "-c", "core.quotePath=false")
"""Without this option, git writes a path that is not ASCII in quotes."""
NOT_FOUND = 127
"""The exit code of a shell for a program that is not installed."""


def git(*words: str, given: bytes = b"", root: Path = Path()) -> bytes:
    """What git prints.

    Raises:
        UserError: there is no git, or it failed; with what it said.
    """
    return _output("git", GIT, words, root, given)


def git_text(*words: str) -> str:
    """What git prints, as text."""
    return git(*words).decode("utf-8", "replace")


def git_if_any(*words: str) -> str:
    """What git prints, without blanks around it; "" if it fails or is missing."""
    try:
        return git_text(*words).strip()
    except UserError:
        return ""


def git_tried(*words: str, root: Path = Path()) -> tuple[int, str]:
    """The exit code of git, and what it printed, or said if it failed; NOT_FOUND if there is none."""
    try:
        done = _run("git", GIT, words, root)
    except (UserError, OSError) as error:
        return NOT_FOUND, str(error)
    said = done.stderr if done.returncode else done.stdout
    return done.returncode, said.decode("utf-8", "replace").rstrip()


def dvc(*words: str, root: Path = Path()) -> str:
    """What dvc prints; UserError with what it said if it failed."""
    return _output("dvc", [sys.executable, "-m", "dvc"], words, root).decode("utf-8", "replace")


def _output(name: str, program: Sequence[str], words: Sequence[str], root: Path, given: bytes = b"") -> bytes:
    done = _run(name, program, words, root, given)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).decode("utf-8", "replace")
        raise UserError(f"{name} {words[0]}: {said or 'failed'}")
    return done.stdout


def _run(
    name: str, program: Sequence[str], words: Sequence[str], root: Path, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run([*program, *words], cwd=root, input=given, capture_output=True, check=False)
    except (FileNotFoundError, NotADirectoryError):
        if not root.is_dir():
            raise UserError(f"{root}: no such folder, so {name} cannot run in it") from None
        raise UserError(f"{name} is not installed, and this command needs it") from None
