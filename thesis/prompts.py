"""`thesis prompts`: what is left to ask on chat pages, what to paste and attach, where to save the answer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


class Shown(StrEnum):
    none = "none"
    original = "original"
    augmented = "augmented"


def prompts(
    prompt_id: Annotated[
        list[str] | None, typer.Argument(help="Ids under asked: in data/prompts.yaml. Default: all.")
    ] = None,
    condition: Annotated[
        list[Shown] | None, typer.Option(help="The dataset that the page is shown. Default: all three.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="The chat product, one of collect.sources. Default: all of them."),
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder for the files to attach; git should ignore it.")] = Path(
        ".work/prompts"
    ),
    every: Annotated[bool, typer.Option("--all", help="Print all texts, not only the next one.")] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Copy the text to the clipboard.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """List which answers of chat pages are saved, and print the next text to paste.

    With the text come the file to attach and the place of each answer. When piped, the text is printed
    alone, exactly as it should be pasted.

    \b
    Example:
      thesis prompts --source claude --copy
      thesis prompts free-profile --condition original
      thesis prompts free-profile --condition none > prompt.txt
      thesis prompts --all
    """
    from thesis.pasting.steps import run_prompts

    conditions: list[Any] = [one.value for one in condition or Shown]
    run_prompts(prompt_id or [], conditions, source, to, every=every, copy=copy, as_json=as_json)
