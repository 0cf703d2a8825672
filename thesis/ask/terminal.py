"""Ask in the terminal: show the texts while they grow, then the cards."""

from collections.abc import Sequence
from functools import partial

from rich.console import Console, Group
from rich.live import Live
from rich.rule import Rule
from rich.text import Text

from stages.common.look import arm_name
from stages.generate.arms import Arm
from thesis.ask.answers import Answer
from thesis.ask.prompts import Prompt
from thesis.ask.session import Session
from thesis.ask.settings import Settings
from thesis.ask.showing import KEY, answer_view, column_width, live_view, side_by_side, unlike

REFRESHES = 10
"""Refreshes per second."""


def ask_all(
    session: Session, arms: Sequence[Arm], prompt: Prompt, settings: Settings, console: Console
) -> list[Answer]:
    """Ask every arm in turn, and show it while it writes if `console` is a terminal."""
    if console.is_terminal:
        return _watched(session, arms, prompt, settings, console)
    found = []
    for arm in arms:
        with Console(stderr=True).status(Text(f"{arm_name(arm.name, session.base_name)} writes …")):
            found += session.answers(arm, prompt, settings)
    return found


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


def _watched(
    session: Session, arms: Sequence[Arm], prompt: Prompt, settings: Settings, console: Console
) -> list[Answer]:
    texts: dict[str, list[str]] = {}
    found = []

    def view() -> Group:
        return Group(live_view(texts, arms, session.base_name, console.width, console.height))

    with Live(console=console, get_renderable=view, transient=True, refresh_per_second=REFRESHES):
        for arm in arms:
            found += session.answers(arm, prompt, settings, partial(texts.__setitem__, arm.name))
    return found
