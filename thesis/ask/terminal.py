"""Ask in the terminal: show the texts while they grow, then the cards."""

from collections.abc import Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.rule import Rule
from rich.status import Status
from rich.text import Text

from stages.generate.arms import Arm
from thesis.ask.answers import Answer
from thesis.ask.prompts import Prompt
from thesis.ask.session import Session
from thesis.ask.settings import Settings
from thesis.ask.showing import KEY, answer_view, column_width, live_view, side_by_side, unlike
from thesis.ask.web.columns import Column

REFRESHES = 10
"""Refreshes per second."""


def ask_all(
    session: Session, arms: Sequence[Arm], prompt: Prompt, settings: Settings, console: Console
) -> list[Answer]:
    """Ask every arm in turn, and show it while it writes if `console` is a terminal."""
    columns = [Column(arm) for arm in arms]
    fill(columns, session, prompt, settings, console)
    return [answer for column in columns for answer in column.answers]


def fill(
    columns: Sequence[Column], session: Session, prompt: Prompt, settings: Settings, console: Console
) -> None:
    """Ask as `ask_all` does. After an interrupt, the columns hold what was written by then."""
    with _watching(columns, session, console):
        for column in columns:
            try:
                column.end(session.answers(column.arm, prompt, settings, column.write))
            except KeyboardInterrupt:
                column.end(column.so_far(session, prompt, settings), is_stopped=True)
                raise


def show(answers: Sequence[Answer], console: Console) -> None:
    """Show all arms of a draw side by side, draw by draw; one below the other if there is no room."""
    signs: set[str] = {fact.state for answer in answers for fact in answer.card.facts}
    for number in dict.fromkeys(answer.draw for answer in answers):
        of_draw = [answer for answer in answers if answer.draw == number]
        console.print(Rule(Text(_title(of_draw[0]))))
        width = column_width(len(of_draw), console.width) if console.is_terminal else console.width
        marked = unlike([answer.card.facts for answer in of_draw])
        signs |= {"unlike"} if marked else set()
        cells = [answer_view(answer, width, marked) for answer in of_draw]
        console.print(side_by_side(cells, console.width) if width < console.width else Group(*cells))
    if key := "   ".join(words for sign, words in KEY.items() if sign in signs):
        console.print(Text(key, "dim"))


def _title(answer: Answer) -> str:
    settings = answer.settings
    title = f"draw {answer.draw}, seed {settings.seed}, temperature {settings.temperature:g}"
    return f"{title}, constrained" if settings.constrained else title


def _watching(columns: Sequence[Column], session: Session, console: Console) -> Live | Status:
    """The texts while they grow; not in a terminal, a line that says so."""
    if not console.is_terminal:
        return Console(stderr=True).status("The arms write …")

    def view() -> Group:
        texts = {column.arm.name: column.texts for column in columns}
        arms = [column.arm for column in columns]
        return Group(live_view(texts, arms, session.base_name, console.width, console.height))

    return Live(console=console, get_renderable=view, transient=True, refresh_per_second=REFRESHES)
