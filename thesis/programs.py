"""Run git and dvc, and read what they print."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from stages.shell.errors import UserError


def git(*words: str, given: bytes = b"", root: Path = Path()) -> bytes:
    """What git prints.

    Raises:
        UserError: there is no git, or it failed; with what it said.
    """
    # without this option, git writes a path that is not ASCII in quotes
    return _output("git", ["git", "-c", "core.quotePath=false"], words, root, given)


def git_text(*words: str) -> str:
    """What git prints, as text."""
    return git(*words).decode("utf-8", "replace")


def git_if_any(*words: str) -> str:
    """What git prints, without blanks around it; "" if it fails or is missing."""
    try:
        return git_text(*words).strip()
    except UserError:
        return ""


def dvc(*words: str, root: Path = Path()) -> str:
    """What dvc prints; UserError with what it said if it failed."""
    return _output("dvc", [sys.executable, "-m", "dvc"], words, root).decode("utf-8", "replace")


def _output(name: str, program: Sequence[str], words: Sequence[str], root: Path, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run([*program, *words], cwd=root, input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise UserError(f"{name} is not installed, and this command needs it") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).decode("utf-8", "replace")
        raise UserError(f"{name} {words[0]}: {said or 'failed'}")
    return done.stdout
