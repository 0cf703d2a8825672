"""Print what is left to ask and the next text: choose, write the files to attach, print."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from stages.collect.layout import unknown
from stages.collect.params import CollectParams
from stages.common.params import load_params
from stages.common.prompts import AskedPrompt, load_asked_prompts
from stages.common.records import ArmCondition
from stages.common.schema import load_schema
from stages.common.shown import json_shown
from stages.shell.errors import UserError, mistakes
from thesis.pasting.attaching import write_excerpts
from thesis.pasting.printing import print_overview, print_sheets
from thesis.pasting.sheets import DrawParams, Sheet, sheets

_CLIPBOARDS = (["pbcopy"], ["wl-copy"], ["xclip", "-selection", "clipboard"])


def run_prompts(
    prompt_ids: Sequence[str],
    conditions: Sequence[ArmCondition],
    source: str | None,
    to: Path,
    *,
    every: bool,
    copy: bool,
    as_json: bool,
) -> None:
    """See the command's help."""
    params = load_params(CollectParams, section="collect")
    if source is not None and source not in params.sources:
        said = unknown("source", source, params.sources)
        raise UserError(f"--source {source}: {said}; or add it to collect.sources in params.yaml")
    schema = load_schema()
    draws = load_params(DrawParams, section="generate").draws
    chosen = _chosen(load_asked_prompts(schema), prompt_ids)
    made = sheets(chosen, conditions, [source] if source else params.sources, schema, params, draws, to)
    if len(made) > 1 and not as_json:
        print_overview(made)
    shown = made if every or as_json else _next(made)
    write_excerpts([sheet.condition for sheet in shown], params, to)
    if as_json:
        print(json_shown([asdict(sheet) for sheet in made]))
    elif shown:
        print_sheets(shown)
    if copy:
        _copy(shown)


def _next(made: Sequence[Sheet]) -> Sequence[Sheet]:
    """The first sheet with answers left; the only one, if there is one."""
    return made if len(made) == 1 else [sheet for sheet in made if sheet.left][:1]


def _chosen(prompts: Sequence[AskedPrompt], ids: Sequence[str]) -> list[AskedPrompt]:
    known = [prompt.id for prompt in prompts]
    if missing := [f"{id_}: not there" for id_ in ids if id_ not in known]:
        raise mistakes("data/prompts.yaml, asked:", missing, f"There are: {', '.join(known)}")
    return [prompt for prompt in prompts if not ids or prompt.id in ids]


def _copy(shown: Sequence[Sheet]) -> None:
    if len(shown) != 1:
        raise UserError(f"--copy: {len(shown)} texts; name one prompt and one --condition")
    command = next((command for command in _CLIPBOARDS if shutil.which(command[0])), None)
    if command is None:
        raise UserError("--copy: none of pbcopy (macOS), wl-copy, xclip is installed. Copy it by hand")
    try:
        subprocess.run(command, input=shown[0].text, text=True, encoding="utf-8", check=True, timeout=10)
    except (subprocess.SubprocessError, OSError):
        raise UserError(f"--copy: {command[0]} reached no clipboard. Copy the text by hand") from None
    print(f"Copied: {shown[0].name}", file=sys.stderr)
