"""The command's steps: find both revisions, load their numbers, compare, print."""

import typer

from stages.common.shown import json_shown
from thesis.diff.as_json import as_json as in_json
from thesis.diff.comparing import compared
from thesis.diff.notes import notes
from thesis.diff.revisions import WORKING_TREE, Revision, resolve
from thesis.diff.run import load_run
from thesis.diff.settings import differing_settings
from thesis.diff.showing import notable, print_comparison, shown


def run_diff(rev: str, rev2: str | None, *, every: bool, as_json: bool) -> None:
    """Compare two runs.

    Raises:
        UserError: no repository, no such revision, or numbers of another version of this program.
    """
    first = resolve(rev)
    second = resolve(rev2) if rev2 is not None else Revision(WORKING_TREE)
    a, b = load_run(first), load_run(second)
    settings, rows = differing_settings(a.recorded, b.recorded), compared(a, b)
    kept = rows if every or as_json else notable(rows)
    found = notes(a, b, settings, rows, kept)
    if as_json:
        typer.echo(json_shown(in_json(a, b, settings, rows, found)))
    else:
        left_out = [one for one in rows if one not in kept]
        print_comparison(shown(a, b, settings, kept, left_out, found))
