"""The command's steps: find both revisions, load their numbers, compare, print."""

from dataclasses import asdict
from typing import Any

import typer

from stages.common.shown import json_shown
from thesis.diff.comparing import Compared, compared
from thesis.diff.notes import notes
from thesis.diff.revisions import WORKING_TREE, Revision, resolve
from thesis.diff.run import load_run
from thesis.diff.settings import differing_settings
from thesis.diff.showing import print_comparison, shown


def run_diff(rev: str, rev2: str | None, *, as_json: bool) -> None:
    """Compare two runs.

    Raises:
        UserError: no repository, no such revision, or numbers of another version of this program.
    """
    first = resolve(rev)
    second = resolve(rev2) if rev2 is not None else Revision(WORKING_TREE)
    a, b = load_run(first), load_run(second)
    settings, rows = differing_settings(a.recorded, b.recorded), compared(a, b)
    told = notes(a, b, settings, rows)
    if as_json:
        runs = {"a": asdict(a.revision), "b": asdict(b.revision), "differing": asdict(settings)}
        typer.echo(json_shown({**runs, "numbers": [*map(in_json, rows)], "notes": told}))
    else:
        print_comparison(shown(a, b, settings, rows, told))


def in_json(row: Compared) -> dict[str, Any]:
    """A row for scripts."""
    return asdict(row) | {"name": row.any.name, "difference": row.difference, "interval": row.interval}
