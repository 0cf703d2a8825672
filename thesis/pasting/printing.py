"""Print what is left to ask, and sheets: on a terminal or through a pipe; texts are never wrapped."""

import shutil
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from stages.common.look import data_name
from stages.common.phrases import many
from stages.common.shown import visible
from thesis.pasting.sheets import Place, Sheet

_MAX_RULE = 100
_ALL_SAVED = "Every answer is saved. Next: dvc repro"


def print_overview(made: Sequence[Sheet]) -> None:
    """Print how many answers of each product are saved, and how many are left; on stderr through a pipe."""
    console = Console(stderr=not _is_terminal(), markup=False, emoji=False, highlight=False)
    title = f"Answers saved, of {made[0].draws} each"
    table = Table(Column("prompt", overflow="fold"), "data", title=title, title_justify="left")
    for place in made[0].places:
        table.add_column(Text(visible(place.product)), justify="right")
    for sheet in made:
        counts = [_count(place, sheet.draws) for place in sheet.places]
        table.add_row(sheet.prompt_id, data_name(sheet.condition), *counts)
    console.print(table)
    console.print(_left(made))


def print_sheets(shown: Sequence[Sheet]) -> None:
    """Print each sheet; through a pipe only the texts, and the rest on stderr."""
    if _is_terminal():
        for number, sheet in enumerate(shown, start=1):
            print(visible(_framed(sheet, number, len(shown))))
        print(_below(shown))
        return
    for number, sheet in enumerate(shown, start=1):
        if len(shown) > 1:
            print(f"### {number}/{len(shown)} {sheet.name}\n")
        print(sheet.text + "\n" * (number < len(shown)))
        print(f"{sheet.name}:\nAttach:  {sheet.attach or 'nothing'}\n{_to_do(sheet)}", file=sys.stderr)
    print(_below(shown), file=sys.stderr)


def _count(place: Place, draws: int) -> Text:
    is_done = place.n_answers >= draws
    return Text(f"✓ {place.n_answers}" if is_done else f"{place.n_answers}", "green" if is_done else "")


def _left(made: Sequence[Sheet]) -> str:
    n_left = sum(sheet.draws - place.n_answers for sheet in made for place in sheet.left)
    n_wanted = sum(sheet.draws * len(sheet.places) for sheet in made)
    return f"Left: {n_left:,} of {many(n_wanted, 'answer')}." if n_left else _ALL_SAVED


def _framed(sheet: Sheet, number: int, n: int) -> str:
    width = min(_MAX_RULE, shutil.get_terminal_size().columns)
    count = f"{number} of {n}: " if n > 1 else ""
    title = f"━━ {count}{sheet.name} "
    head = f"\n{title:━<{width}}\nAttach:  {sheet.attach or 'nothing'}\nPaste:   the text between the lines"
    return f"{head}\n{'─' * width}\n{sheet.text}\n{'─' * width}\n{_to_do(sheet)}\n"


def _to_do(sheet: Sheet) -> str:
    """How often to ask, and where the next answer of each product goes."""
    width = max(len(place.product) for place in sheet.places)
    places = [
        f"  {place.product:<{width}}  {place.n_answers} of {sheet.draws} saved"
        + f"; next: {place.save_as}" * (place in sheet.left)
        for place in sheet.places
    ]
    ask = f"Ask:     {sheet.draws} times, each time in a new chat"
    return "\n".join([ask, "Save:    a file for each answer", *places])


def _below(shown: Sequence[Sheet]) -> str:
    """The header of every answer, and what to do next."""
    return (
        f"On top of each answer that you save:\n{shown[0].header}\n\n"
        "Several answers of one chat, or ten in one answer, count as one conversation.\n"
        "The text on the clipboard: --copy. The next text, when these answers are saved: thesis prompts\n"
        "Another text: thesis prompts PROMPT --condition CONDITION. All texts: --all\n"
        "Or ask all first, then import the product's export: thesis import --help"
    )


def _is_terminal() -> bool:
    return sys.stdout.isatty()
