"""Mistakes a person can mend, and how a stage ends on them."""

import errno
import sys
from collections.abc import Callable, Sequence

MAX_LISTED = 20
REFUSALS = {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.EEXIST}
"""Of the file system, that a person can mend: nothing there, no permission, a folder for a file."""


class UserError(Exception):
    """A mistake in data, params or set-up: its text says where, what was found, what to do."""


def mistakes(head: str, found: Sequence[str], remedy: str) -> UserError:
    """One error for all mistakes of a kind.

    >>> print(mistakes("a.json: 1 of 2 records is wrong", ["record 2, age: missing"], "Add it"))
    a.json: 1 of 2 records is wrong
      record 2, age: missing
    Add it
    """
    listed = [f"  {line}" for line in found[:MAX_LISTED]]
    if len(found) > MAX_LISTED:
        listed.append(f"  … and {len(found) - MAX_LISTED} more")
    return UserError("\n".join([head, *listed, remedy]))


def run(main: Callable[[], None]) -> None:
    """Run a stage's `main`; a person's mistake ends it with its message and code 1.

    Ctrl-C ends with 130, never 0: DVC records a stage that ends with 0 as complete.
    """
    try:
        main()
    except UserError as error:
        sys.exit(f"\n{error}\n")
    except KeyboardInterrupt:
        print("\nStopped; nothing was recorded.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        sys.exit(f"\n{_told(error)}\n")


def _told(error: OSError) -> str:
    """What a person can do about the file system; what is no matter of files stays a bug."""
    if error.errno == errno.ENOSPC:
        return f"The disk is full ({error.filename or 'while writing'}). Make room and run again."
    if error.errno not in REFUSALS or error.filename is None:
        raise error
    return (
        f"{error.filename}: {error.strerror}\nSee to it that it is there, and that you may read and write it"
    )
