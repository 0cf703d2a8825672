"""What a person sees on a terminal while a command runs in it, and at its end."""

import os
import pty
import re
from collections.abc import Sequence
from pathlib import Path

_PIECES = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|(\r|\n|[^\x1b\r\n]+)")


def seen_at_the_end(command: Sequence[str], cwd: Path, **environment: str) -> list[str]:
    """The lines on the screen after the command has ended, as wide as they were printed."""
    return drawn(_printed(command, cwd, environment))


def drawn(printed: str) -> list[str]:
    r"""Lines that a terminal shows: it overwrites after a carriage return, and erases when asked to.

    >>> drawn("spin\r\x1b[2Kdone\r\nnext\r\n\x1b[1A\x1b[2KN")
    ['done', 'N', '']
    """
    lines, row, column = [""], 0, 0
    for count, letter, text in _PIECES.findall(printed):
        if letter == "A":
            row = max(0, row - int(count or 1))
        elif letter == "K":
            lines[row] = "" if count == "2" else lines[row][:column]
        elif text == "\r":
            column = 0
        elif text == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif text:
            lines[row] = lines[row][:column].ljust(column) + text + lines[row][column + len(text) :]
            column += len(text)
    return [line.rstrip() for line in lines]


def _printed(command: Sequence[str], cwd: Path, environment: dict[str, str]) -> str:
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(cwd)
        os.execvpe(command[0], [*command], {**os.environ, "TERM": "xterm", **environment})
    received = b""
    try:
        while read := os.read(terminal, 2**16):
            received += read
    except OSError:  # on Linux, the end
        pass
    os.waitpid(process, 0)
    os.close(terminal)
    return received.decode()
