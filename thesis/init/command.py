"""`thesis init`: two files in, everything drafted that a first run needs."""

from pathlib import Path
from typing import Annotated

import typer

Original = Annotated[
    Path, typer.Option(help="The data before augmentation: a JSON array, JSONL, or an object with one array.")
]
Augmented = Annotated[Path, typer.Option(help="The same people after augmentation, in the same form.")]
Person = Annotated[
    str | None,
    typer.Option("--id", help="The field that names the person in both files, or none if no field does."),
]
PairBy = Annotated[
    str | None, typer.Option(help="The field of the augmented file that names the original's id.")
]
Keep = Annotated[
    list[str] | None,
    typer.Option(help="A field to keep although it tells who a person is; may be given several times."),
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace the files that are there, after a backup in .work.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")]


def init(
    original: Original,
    augmented: Augmented,
    person: Person = None,
    pair_by: PairBy = None,
    keep: Keep = None,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Draft schema, prompts and params for your own two files.

    Example:

      thesis init --original before.json --augmented after.json --dry-run

      thesis init --original before.json --augmented after.json --force

      thesis init --original before.json --augmented after.json --pair-by source_id --keep phone --dry-run
    """
    from thesis.init.running import run_init  # lazily, so that `thesis --help` is quick

    run_init(
        {"original": original, "augmented": augmented},
        (person, pair_by, tuple(keep or ())),
        force=force,
        dry_run=dry_run,
        as_json=as_json,
    )
