"""The command `thesis diff`."""

from typing import Annotated

import typer

Rev = Annotated[str, typer.Argument(help="A commit, tag, branch or experiment.", metavar="REV")]
Rev2 = Annotated[str | None, typer.Argument(help="Another one. Default: the working tree.", metavar="REV2")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def diff(rev: Rev = "HEAD", rev2: Rev2 = None, as_json: AsJson = False) -> None:
    """Compare the numbers of two runs, and tell differences from noise.

    Each headline number and declared contrast comes with both intervals, the difference, and whether it
    is larger than the intervals allow. Above them stands what the runs differ in: base, data, params, code.

    Nothing is checked out, run or written.

    Example:

      thesis diff

      thesis diff thesis-v1

      thesis diff thesis-v1 HEAD --json
    """
    from thesis.diff.running import run_diff  # lazily, so that `thesis --help` is quick

    run_diff(rev, rev2, as_json=as_json)
