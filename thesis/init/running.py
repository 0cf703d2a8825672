"""The command's steps: read, draft, check, write, and print what was found."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from click import IntRange
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from stages.common.fields import described
from stages.common.params import PARAMS, read_yaml
from stages.common.records import Condition
from stages.common.shown import json_shown, on_one_line, visible
from stages.shell.errors import mistakes
from thesis.init.advice.all import look_at
from thesis.init.draft import Draft
from thesis.init.files import contents, left_behind
from thesis.init.people.ties import Settled
from thesis.init.placing import place, way_back
from thesis.init.records.reading import Given, Track, read_both
from thesis.init.settling import Doubt, settled_draft


def run_init(
    paths: Mapping[Condition, Path],
    settled: tuple[str | None, str | None, tuple[str, ...]] = (None, None, ()),
    *,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Draft, check, write.

    Args:
        settled: --id, --pair-by and --keep.

    Raises:
        UserError: mistakes in the files; files in the way, without `force`.
    """
    read_yaml(PARAMS)  # says so at once if this is not the project's folder
    with Progress(console=Console(stderr=True), transient=True) as bars:
        given = read_both(paths, _track(bars))
    draft = _asked(given, Settled(*settled))
    files = contents(draft)
    removed = left_behind()
    there = [path for path in files if path.exists()]
    if there and not (force or dry_run):
        raise _in_the_way(there, removed)
    backup = None if dry_run else place(files, removed)
    found = _facts(draft, files, there, removed, backup)
    if as_json:
        print(json_shown(found))
    else:
        _print(draft, found, dry_run=dry_run)


def _asked(given: Mapping[Condition, Given], settled: Settled) -> Draft:
    """The draft. At a terminal, ask who is who where the files do not tell."""
    try:
        with Progress(console=Console(stderr=True), transient=True) as bars:
            return settled_draft(given, _track(bars), settled)
    except Doubt as doubt:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        print(visible(str(doubt)), file=sys.stderr)
        for number, choice in enumerate(doubt.choices, start=1):
            print(f"  {number}. {visible(choice.words)}", file=sys.stderr)
        chosen = typer.prompt("Number", type=IntRange(1, len(doubt.choices)), err=True)
        return _asked(given, doubt.choices[chosen - 1].settled)


def _track(bars: Progress) -> Track:
    def track(things: Iterable[Any], words: str) -> Iterable[Any]:
        return bars.track(things, description=words)

    return track


def _in_the_way(there: Sequence[Path], removed: Sequence[Path]) -> Exception:
    lines = [f"{path}: would be replaced" for path in there]
    lines += [f"{path}: belongs to the present data and would be moved away" for path in removed]
    return mistakes(
        f"{len(lines)} files are in the way",
        lines,
        "Nothing was written. --dry-run shows the drafts. --force writes them, and keeps a copy of these "
        "files in .work/init-backup-<date>",
    )


def _facts(
    draft: Draft,
    files: Mapping[Path, bytes],
    there: Sequence[Path],
    removed: Sequence[Path],
    backup: Path | None,
) -> dict[str, Any]:
    return {
        "written": backup is not None or not there,
        "files": [str(path) for path in files],
        "replaced": [str(path) for path in there],
        "taken_away": [str(path) for path in removed],
        "backup": str(backup) if backup else None,
        "people_in_both_files": draft.n_shared,
        "identifier": _identifier(draft),
        "left_out": dict(draft.people.left_out),
        "records": {condition: dict(sizes) for condition, sizes in draft.n_people.items()},
        "fields": [
            {
                "path": field.path,
                "role": field.role,
                "holds": described(field.node),
                "required": field.required,
                "why": draft.guesses[field.path].why,
            }
            for field in draft.schema.all_fields
        ],
        "look_at": look_at(draft),
    }


def _identifier(draft: Draft) -> dict[str, Any] | None:
    found = draft.identity
    if found is None:
        return None
    return {
        "path": found.path,
        **{f"field_of_{condition}": key.path for condition, key in found.tie.keys.items()},
        "n_pairs": len(found.pairs),
        "agreement": found.agreement.share,
        "agreement_by_chance": found.agreement.by_chance,
    }


def _print(draft: Draft, found: Mapping[str, Any], *, dry_run: bool) -> None:
    console = Console()
    table = Table("field", "role (check)", "holds", "because")
    for field in found["fields"]:
        holds = field["holds"] if len(field["holds"]) <= 60 else f"{field['holds'][:57]}…"
        table.add_row(
            *(Text(on_one_line(cell)) for cell in (field["path"], field["role"], holds, field["why"]))
        )
    console.print(table)
    sizes = "; ".join(
        f"{condition}: " + ", ".join(f"{n} {split}" for split, n in of.items())
        for condition, of in found["records"].items()
    )
    print(f"{visible(sizes)}\n")
    print("What to check:")
    for number, line in enumerate(found["look_at"], start=1):
        print(f"  {number}. {visible(line)}")
    print()
    names = ", ".join(found["files"])
    if dry_run:
        print(f"Nothing was written. Would be written: {names}")
        for words, key in (("replaced", "replaced"), ("moved away", "taken_away")):
            if found[key]:
                print(f"Would be {words}: {', '.join(map(on_one_line, found[key]))}")
        return
    print(f"Written: {names}")
    if found["backup"]:
        print(f"The previous files are in {found['backup']}. To undo: {way_back(Path(found['backup']))}")
    print("Metrics and reports of the previous data stay until the next run. Next: dvc repro")
