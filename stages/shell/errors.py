"""Mistakes that a person can fix, and how a stage ends on them."""

import errno
import sys
from collections.abc import Callable, Sequence

from stages.common.shown import brief, visible

MAX_LISTED, MAX_LINE, MAX_TAIL = 20, 2000, 200
FULL = {errno.ENOSPC, errno.EDQUOT}
IN_THE_WAY = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY}
REFUSED = {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP}
"""File-system errors that a person can fix; all others are bugs and keep their traceback."""
ROOM = "Most likely the disk is full. Make room and run again."
UNWRITTEN = ("os error 28", "os error 122", "PytorchStreamWriter failed", "unexpected pos")
"""How safetensors and torch say that a disk is full; torch says so of any failed write."""


class UserError(Exception):
    """A mistake in data, params or setup. Its text says where, what was found and what to do."""


def mistakes(head: str, found: Sequence[str], remedy: str) -> UserError:
    """One error for all mistakes of a kind.

    >>> print(mistakes("a.json: 1 of 2 records is wrong", ["record 2, age: missing"], "Add it"))
    a.json: 1 of 2 records is wrong
      record 2, age: missing
    Add it
    """
    listed = [f"  {_shortened(line)}" for line in found[:MAX_LISTED]]
    if len(found) > MAX_LISTED:
        listed.append(f"  … and {len(found) - MAX_LISTED} more")
    return UserError("\n".join([head, *listed, remedy]))


def _shortened(line: str) -> str:
    """A line without its middle if it is long: place and value stand first, the reason last."""
    head, tail = line[:-MAX_TAIL], line[-MAX_TAIL:]
    return brief(head, MAX_LINE - MAX_TAIL) + (" … " if len(line) > MAX_LINE else "") + tail


def run(main: Callable[[], None]) -> None:
    """Run a stage's `main`; a person's mistake ends it with its message and code 1.

    Ctrl-C ends with 130, never 0: DVC records a stage that ends with 0 as complete.
    """
    try:
        main()
    except UserError as error:
        sys.exit(f"\n{visible(str(error))}\n")
    except KeyboardInterrupt:
        print("\nStopped; nothing was recorded.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        sys.exit(f"\n{visible(_told(error))}\n")
    except Exception as error:
        if not any(words in str(error) for words in UNWRITTEN):
            raise
        sys.exit(f"\nWeights could not be written: {visible(str(error))}\n{ROOM}\n")


def _told(error: OSError) -> str:
    """Message about the file-system error that stopped a command, with a remedy."""
    place = error.filename2 or error.filename
    if error.errno in FULL:
        return f"The disk is full ({place or 'while writing'}). Make room and run again."
    if place is None or error.errno not in IN_THE_WAY | REFUSED:
        raise error
    remedy = "Check that it exists and that you may read and write it"
    if error.errno in IN_THE_WAY:
        remedy = "A folder stands where a file belongs, or a file where a folder belongs: move it away"
    return f"{place}: {error.strerror}\n{remedy}"
