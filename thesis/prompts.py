"""`thesis prompts`: what to paste into a chat page, what to attach, where to save the answer."""

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
        typer.Option(help="The chat product, one of collect.sources; the answers' file names need it."),
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder for the files to attach; git should ignore it.")] = Path(
        ".work/prompts"
    ),
    copy: Annotated[
        bool, typer.Option("--copy", help="Copy the text to the clipboard; for one prompt and condition.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Print the texts to paste into a chat page, with the file to attach and where to save each answer.

    When piped, a single text is printed alone, exactly as it should be pasted.

    \b
    Example:
      thesis prompts --source claude
      thesis prompts free-profile --condition original --source claude --copy
      thesis prompts free-profile --condition none > prompt.txt
    """
    from thesis.pasting.steps import run_prompts

    conditions: list[Any] = [one.value for one in condition or Shown]
    run_prompts(prompt_id or [], conditions, source, to, copy=copy, as_json=as_json)
