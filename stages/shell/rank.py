"""Which of several processes this one is, as torch's launchers say in the environment."""

import os
from pathlib import Path

from stages.shell.errors import UserError

RANK = "RANK"
"""Set by torch's launchers: the number of this process, from 0."""
LAUNCHED = "THESIS_LAUNCHED"
"""Set for the processes of THESIS_LAUNCHER: the folder where they leave their last words."""


def rank() -> int:
    """The number of this process, from 0."""
    return _number(RANK, 0)


def local_rank() -> int:
    """The number of this process on its computer, from 0."""
    return _number("LOCAL_RANK", 0)


def n_ranks() -> int:
    """The number of processes that compute together."""
    return _number("WORLD_SIZE", 1)


def is_first() -> bool:
    """Whether this process writes, takes the lock and shows progress."""
    return rank() == 0


def launched_by() -> int | None:
    """The process that started THESIS_LAUNCHER for us; None if none did."""
    folder = last_words()
    return int(folder.name) if folder else None


def last_words() -> Path | None:
    """The folder where this process leaves why it ends."""
    return Path(os.environ[LAUNCHED]) if LAUNCHED in os.environ else None


def _number(name: str, default: int) -> int:
    """An environment variable that a launcher sets."""
    value = os.environ.get(name, str(default))
    if not value.isdecimal():
        raise UserError(f"{name} is {value!r}; launchers set it to a whole number\nUnset it")
    return int(value)
