"""Refusal of pipes and devices, and of text with an unfinished merge."""

import re
import stat
from pathlib import Path

from stages.shell.errors import UserError

CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}|={7})(?: .*)?\r?$", re.MULTILINE)
"""Marks that git writes around two versions of the same lines."""


def check_regular(path: Path) -> None:
    """UserError if a path is a pipe, a socket or a device, whose reading may never end."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:  # such as a link to itself
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise UserError(
            f"{path}: is {_kind(mode)}, not a file\nPut a regular file in its place, or delete it"
        )


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a named pipe (FIFO)"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def check_unconflicted(path: Path) -> None:
    """UserError if git left the marks of a merge in a text file: neither side's lines count."""
    check_regular(path)
    text = path.read_text("utf-8", errors="replace") if path.is_file() else ""
    if found := CONFLICT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UserError(
            f"{path}:{line}: a merge was not finished: {found[0].strip()[:40]!r}\n"
            "Keep one side's lines and delete the marks (<<<<<<<, =======, >>>>>>>)"
        )
