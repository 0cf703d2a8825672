"""Sheets on a terminal, and through a pipe. A text is printed as it is, never wrapped."""

import shutil
import sys
from collections.abc import Sequence

from thesis.pasting.sheets import Sheet

_MAX_RULE = 100


def print_sheets(made: Sequence[Sheet]) -> None:
    """On a terminal each sheet, then an overview; through a pipe the texts, and the rest on stderr."""
    if _is_terminal():
        for number, sheet in enumerate(made, start=1):
            print(_framed(sheet, number, len(made)))
        print(_overview(made))
        return
    for number, sheet in enumerate(made, start=1):
        if len(made) > 1:
            print(f"### {number}/{len(made)} {_name(sheet)}\n")
        print(sheet.text + "\n" * (number < len(made)))
        print(f"{_name(sheet)}:\n{_around(sheet)}\n", file=sys.stderr)


def _framed(sheet: Sheet, number: int, n: int) -> str:
    width = min(_MAX_RULE, shutil.get_terminal_size().columns)
    title = f"━━ {number} of {n}: {_name(sheet)} "
    attach = f"Attach:  {sheet.attach}" if sheet.attach else "Attach:  nothing"
    head = f"\n{title:━<{width}}\n{attach}\nPaste:   what stands between the lines"
    return f"{head}\n{'─' * width}\n{sheet.text}\n{'─' * width}\n{_around(sheet, attach=False)}\n"


def _around(sheet: Sheet, attach: bool = True) -> str:
    """What to do with the text."""
    lines = [f"Attach:  {sheet.attach or 'nothing'}"] if attach else []
    lines.append(f"Ask it {sheet.draws} times, each time in a new chat.")
    lines.append(f"Save each answer as a file of its own, {sheet.save_as} and on, with this on top:")
    return "\n".join([*lines, sheet.header])


def _overview(made: Sequence[Sheet]) -> str:
    """What is there of each sheet, and what next."""
    hint = "Or ask first, then import the product's export: thesis import --help"
    if any("<" in sheet.save_as for sheet in made):
        return f"Name the page with --source. {hint}"
    width = max(len(_name(sheet)) for sheet in made)
    lines = [f"  {_name(one):<{width}}  {one.n_answers} of {one.draws} answers saved" for one in made]
    several = "Several answers of one chat, or ten in one answer, count as one conversation."
    return "\n".join(["Where you are:", *lines, several, hint])


def _name(sheet: Sheet) -> str:
    return f"{sheet.prompt_id}, {sheet.condition}"


def _is_terminal() -> bool:
    return sys.stdout.isatty()
