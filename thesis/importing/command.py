"""`thesis import`: turn an official export into pasted-answer files."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Source(StrEnum):
    chatgpt = "chatgpt"
    claude = "claude"
    gemini = "gemini"


def import_export(
    file: Annotated[
        Path,
        typer.Argument(help="The export: its zip, the unpacked folder, or the file with the conversations."),
    ],
    source: Annotated[Source, typer.Option(help="The product that wrote the export.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    exact_only: Annotated[
        bool, typer.Option("--exact-only", help="Leave out prompts that were typed with changes.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Take the answers to the study's prompts out of a chat product's official export.

    The export must be outside the project. Only answers to the prompts of data/prompts.yaml are copied;
    other messages, titles and names stay in the export.

    \b
    Example:
      thesis import ~/Downloads/chatgpt-export.zip --source chatgpt
      thesis import ~/Downloads/data-2026-11-25-batch-0000.zip --source claude --dry-run
      thesis import ~/Downloads/Takeout --source gemini --yes --json
    """
    from thesis.importing.steps import run_import

    run_import(file, source.value, yes=yes, exact_only=exact_only, dry_run=dry_run, in_json=as_json)
