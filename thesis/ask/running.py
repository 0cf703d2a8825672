"""The command's steps: check the options, open the session, answer once or again and again."""

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from stages.common.shown import json_shown, visible
from stages.shell.alone import running
from stages.shell.ending import interruptible
from stages.shell.errors import UserError
from stages.shell.runs import WORK
from thesis.ask.labels import check_labels
from thesis.ask.prompts import Prompt, check_text, chosen_prompt, typed_prompt

if TYPE_CHECKING:
    from thesis.ask.session import Session
    from thesis.ask.settings import Settings

STDIN = "-"
SERVER = ("starlette", "uvicorn")
"""What the page needs: the extra `web`."""


@dataclass(frozen=True)
class Question:
    """What the options ask for."""

    text: str | None
    """A prompt, or - for standard input."""
    prompt_id: str | None
    arms: Sequence[str]
    settings: Mapping[str, float]
    """Those that were given."""
    constrained: bool

    @property
    def is_given(self) -> bool:
        return self.text is not None or self.prompt_id is not None


@dataclass(frozen=True)
class Output:
    """Where answers go beside the screen."""

    as_json: bool
    save: bool


def answer(question: Question, output: Output) -> None:
    """Answer the prompt that was given; without one, ask for prompts until the end.

    Raises:
        UserError: options that contradict each other; an arm or a setting that there is not.
    """
    text = _typed(question.text)
    if text is not None and question.prompt_id is not None:
        raise UserError("Both a prompt and --prompt were given: give only one")
    if not question.is_given and (output.as_json or output.save or not sys.stdin.isatty()):
        raise UserError(
            'No prompt was given: use thesis ask "…", --prompt ID, or - to read it from standard input'
        )
    check_labels(question.arms)
    session = _opened()
    settings = session.settings.changed(**question.settings, constrained=question.constrained)
    if question.is_given:
        _once(session, _prompt(text, question.prompt_id, session), settings, question.arms, output)
    else:
        _again_and_again(session, settings, question.arms)


def open_page(question: Question, output: Output, port: int) -> None:
    """Serve the page until Ctrl-C.

    Raises:
        UserError: options that the page would ignore; no server is installed.
    """
    if question.is_given or output.as_json or output.save:
        raise UserError("--web reads the prompt on its page: leave out the prompt, --json and --save")
    given = [f"--{name.replace('_', '-')}" for name in question.settings]
    given += ["--arm"] if question.arms else []
    given += ["--constrained"] if question.constrained else []
    if given:
        raise UserError(f"--web has its settings on the page: leave out {', '.join(given)}")
    missing = [name for name in SERVER if importlib.util.find_spec(name) is None]
    if missing:
        raise UserError(
            f"--web needs {' and '.join(missing)}: not installed\n"
            'Install it: pip install -c requirements.lock -e ".[web]"'
        )
    session = _opened()
    from thesis.ask.web.serving import serve

    serve(session, port)


def _typed(text: str | None) -> str | None:
    """The prompt, read from standard input if asked. UserError if it is empty, before the base is loaded."""
    if text is None:
        return None
    text = sys.stdin.read() if text == STDIN else text
    check_text(text)
    return text


def _opened() -> "Session":
    """Open the session, and show what is loading."""
    err = Console(stderr=True)
    for holder in running(WORK):
        line = f"{holder}; it continues, and both it and the answers are slower"
        err.print(Text(line, "yellow"), soft_wrap=True)
    with interruptible(), err.status(Text("Starting (the first start takes longer) …")) as status:
        from thesis.ask.loading import open_session  # imports torch

        session = open_session(lambda line: status.update(Text(f"{line} …")))
    for notice in session.notices:
        err.print(Text(visible(notice), "yellow"), soft_wrap=True)
    return session


def _prompt(text: str | None, prompt_id: str | None, session: "Session") -> Prompt:
    if prompt_id is not None:
        return chosen_prompt(prompt_id, session.asked)
    return typed_prompt(text or "", session.asked)


def _once(
    session: "Session", prompt: Prompt, settings: "Settings", arms: Sequence[str], output: Output
) -> None:
    from thesis.ask.menu import tell_saved
    from thesis.ask.saving import save
    from thesis.ask.showing import prompt_view
    from thesis.ask.terminal import ask_all, show

    chosen = session.chosen(arms)
    console, err = _console(), _console(stderr=True)
    if not output.as_json:
        console.print(prompt_view(prompt.text))
    answers = ask_all(session, chosen, prompt, settings, err if output.as_json else console)
    saved = save(answers) if output.save else []
    if output.as_json:
        rows: list[dict[str, Any]] = [answer.as_json() for answer in answers]
        for row, one in zip(rows, saved, strict=False):
            row["saved"] = str(one.path)
        whole = {
            "prompt_id": prompt.id,
            "prompt": prompt.text,
            "settings": settings.model_dump(),
            "answers": rows,
        }
        print(json_shown(whole))
    else:
        show(answers, console)
        tell_saved(saved, console)


def _again_and_again(session: "Session", settings: "Settings", arms: Sequence[str]) -> None:
    from thesis.ask.keyboard import read_line
    from thesis.ask.menu import Menu

    Menu(session, session.chosen(arms), settings, _console(), read_line).run()


def _console(stderr: bool = False) -> Console:
    """Console that prints model text unchanged: no markup, no emoji, no colors for code."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)
