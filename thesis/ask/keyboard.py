"""Read lines and longer texts from the terminal."""

import select
import sys
from collections.abc import Callable
from contextlib import suppress

PASTE_SECONDS = 0.05
"""Time within which the next line of a paste arrives."""


def read_line(question: str) -> str:
    """Read a line, with editing keys, and without the terminal's own limit (1,024 characters on a Mac)."""
    with suppress(ImportError):
        import readline  # noqa: F401 -- `input` uses it once it is imported
    return input(question)


def rest_of_text(line: str, read: Callable[[str], str]) -> list[str]:
    """Read the lines after the first, up to an empty one. An empty line within a paste does not end it."""
    lines = []
    while line.strip() or _more_is_waiting():
        try:
            line = read("… ")
        except EOFError:
            break
        lines.append(line)
    return lines


def _more_is_waiting() -> bool:
    try:
        return sys.stdin.isatty() and bool(select.select([sys.stdin], [], [], PASTE_SECONDS)[0])
    except (OSError, ValueError):  # this input cannot be waited for
        return False
