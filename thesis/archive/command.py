"""`thesis archive`: the options."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path | None, typer.Argument(help="With --restore: the new clone's folder.")]
Output = Annotated[
    Path | None, typer.Option(help="The zip to write; otherwise named after the tag or the commit.")
]
Restore = Annotated[Path | None, typer.Option(help="Make a clone from this zip instead of writing one.")]
History = Annotated[
    bool,
    typer.Option("--history/--no-history", help="Put all commits into the bundle, or the last one alone."),
]


def archive(
    folder: Folder = None, output: Output = None, restore: Restore = None, history: History = True
) -> None:
    """Write one zip with the repository, the artifacts and a description, for Zenodo.

    Refused unless `thesis verify` finds everything the same. The same commit gives the same bytes.

    \b
    Example:
      thesis archive
      thesis archive --output thesis.zip
      thesis archive --restore thesis.zip my-clone
    """
    from thesis.archive.running import run_archive, run_restore  # lazily, so that `thesis --help` is quick

    if restore is None:
        run_archive(output, folder, with_history=history)
    else:
        run_restore(restore, folder)
