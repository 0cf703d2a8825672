"""Print sheets on a terminal or through a pipe; texts are never wrapped."""

import shutil
import sys
from collections.abc import Sequence

from stages.common.shown import visible
from thesis.pasting.sheets import Sheet

_MAX_RULE = 100


def print_sheets(made: Sequence[Sheet]) -> None:
    """Print each sheet and an overview; through a pipe only the texts, and the rest on stderr."""
    if _is_terminal():
        for number, sheet in enumerate(made, start=1):
            print(visible(_framed(sheet, number, len(made))))
        print(_overview(made))
        return
    for number, sheet in enumerate(made, start=1):
        if len(made) > 1:
            print(f"### {number}/{len(made)} {_name(sheet)}\n")
        print(sheet.text + "\n" * (number < len(made)))
        around = (
            f"Attach:  {sheet.attach or 'nothing'}\n{_to_do(sheet)}\nOn top of each answer:\n{sheet.header}"
        )
        print(f"{_name(sheet)}:\n{around}\n", file=sys.stderr)


def _framed(sheet: Sheet, number: int, n: int) -> str:
    width = min(_MAX_RULE, shutil.get_terminal_size().columns)
    title = f"━━ {number} of {n}: {_name(sheet)} "
    head = f"\n{title:━<{width}}\nAttach:  {sheet.attach or 'nothing'}\nPaste:   the text between the lines"
    return f"{head}\n{'─' * width}\n{sheet.text}\n{'─' * width}\n{_to_do(sheet)}\n"


def _to_do(sheet: Sheet) -> str:
    ask = f"Ask:     {sheet.draws} times, each time in a new chat"
    return f"{ask}\nSave:    {sheet.save_as} and on, a file for each answer"


def _overview(made: Sequence[Sheet]) -> str:
    """The header of all sheets, the number of saved answers of each, and what to do next."""
    width = max(len(_name(sheet)) for sheet in made)
    saved = [f"  {_name(one):<{width}}  {one.n_answers} of {one.draws} answers saved" for one in made]
    lines = [
        f"On top of each answer that you save:\n{made[0].header}\n",
        "Several answers of one chat, or ten in one answer, count as one conversation.",
        "One text at a time, into the clipboard: thesis prompts PROMPT --condition CONDITION --copy",
        "Or ask all first, then import the product's export: thesis import --help",
    ]
    if any("<" in sheet.save_as for sheet in made):
        return "\n".join([*lines, "Name the page with --source: then the files are named, and counted."])
    return "\n".join([*lines, "", "Where you are:", *saved])


def _name(sheet: Sheet) -> str:
    return f"{sheet.prompt_id}, {sheet.condition}"


def _is_terminal() -> bool:
    return sys.stdout.isatty()
