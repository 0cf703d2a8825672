"""The command `thesis ask`."""

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stages.common.shown import json_shown, visible
from stages.shell.ending import interruptible
from stages.shell.errors import UserError
from thesis.ask.labels import check_labels

if TYPE_CHECKING:
    from rich.console import Console

    from thesis.ask.prompts import Prompt
    from thesis.ask.session import Session
    from thesis.ask.settings import Settings

PORT = 7860
STDIN = "-"
SERVER = ("starlette", "uvicorn")
"""What the page needs: the extra `web`."""

Text = Annotated[str | None, typer.Argument(help="The prompt; - reads it from standard input.")]
PromptId = Annotated[str | None, typer.Option(help="Id of a prompt in data/prompts.yaml, instead of a text.")]
Arms = Annotated[
    list[str] | None,
    typer.Option(help="base, original or augmented; repeat the option for several. Default: all."),
]
Draws = Annotated[int | None, typer.Option(help="Answers per arm. Default: 1.")]
FirstDraw = Annotated[int | None, typer.Option(help="Number of the first draw. Default: 1.")]
Temperature = Annotated[
    float | None,
    typer.Option(help="Above 0; 1 is the model's own distribution. Default: from params.yaml."),
]
Seed = Annotated[int | None, typer.Option(help="Seed of the noise, 0 or more. Default: from params.yaml.")]
Constrained = Annotated[bool, typer.Option("--constrained", help="Write only profiles that fit the schema.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts, and nothing else.")]
Save = Annotated[bool, typer.Option("--save", help="Keep the answers under data/external/.")]
Web = Annotated[bool, typer.Option("--web", help="Open a page in the browser, on this computer only.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the page.")]


def ask(
    text: Text = None,
    prompt: PromptId = None,
    arm: Arms = None,
    draws: Draws = None,
    first_draw: FirstDraw = None,
    temperature: Temperature = None,
    seed: Seed = None,
    constrained: Constrained = False,
    as_json: AsJson = False,
    save: Save = False,
    web: Web = False,
    port: Port = PORT,
) -> None:
    """Ask the base model and both adapters, side by side.

    Without a prompt, choose one from a list or type one, as often as you like. The base and the adapters
    are loaded once. With the settings of params.yaml, draw 1 equals the first draw of `generate`.

    \b
    Example:
      thesis ask
      thesis ask "Write the profile of a nurse as JSON."
      thesis ask --prompt free-profile --draws 3 --temperature 0.7
      thesis ask --prompt free-profile --arm original --arm augmented --save
      thesis ask --json - < prompt.txt > answers.json
      thesis ask --web
    """
    changed = _changed(draws=draws, first_draw=first_draw, temperature=temperature, seed=seed)
    text = _typed(text)
    one_shot = _one_shot(text, prompt, arm or [], web, as_json or save)
    if web:
        _open_page(port, changed, arm or [], constrained)
        return
    session = _opened()
    settings = session.settings.changed(**changed, constrained=constrained)
    if one_shot:
        _once(session, _prompt(text, prompt, session), settings, arm or [], as_json, save)
    else:
        _again_and_again(session, settings, arm or [])


def _changed(**settings: float | None) -> dict[str, float]:
    """The settings that were given."""
    return {name: value for name, value in settings.items() if value is not None}


def _typed(text: str | None) -> str | None:
    """The prompt, read from standard input if asked. UserError if it is empty, before the base is loaded."""
    if text is None:
        return None
    from thesis.ask.prompts import check_text

    text = sys.stdin.read() if text == STDIN else text
    check_text(text)
    return text


def _one_shot(text: str | None, prompt: str | None, arms: list[str], web: bool, for_one: bool) -> bool:
    """Whether there is one prompt to answer; UserError if options contradict each other or name no arm."""
    given = text is not None or prompt is not None
    if text is not None and prompt is not None:
        raise UserError("Both a prompt and --prompt were given: give only one")
    if web and (given or for_one):
        raise UserError("--web reads the prompt on its page: leave out the prompt, --json and --save")
    if not (given or web) and (for_one or not sys.stdin.isatty()):
        raise UserError(
            'No prompt was given: use thesis ask "…", --prompt ID, or - to read it from standard input'
        )
    check_labels(arms)
    return given


def _refuse_settings(changed: Mapping[str, float], arms: Sequence[str], constrained: bool) -> None:
    """UserError for settings beside --web, which the page would ignore."""
    given = [f"--{name.replace('_', '-')}" for name in changed]
    given += [name for name, is_given in (("--arm", arms), ("--constrained", constrained)) if is_given]
    if given:
        raise UserError(f"--web has its settings on the page: leave out {', '.join(given)}")


def _open_page(port: int, changed: Mapping[str, float], arms: Sequence[str], constrained: bool) -> None:
    """Serve the page until Ctrl-C."""
    _refuse_settings(changed, arms, constrained)
    _need_server()
    session = _opened()
    from thesis.ask.web.serving import serve

    serve(session, port)


def _need_server() -> None:
    missing = [name for name in SERVER if importlib.util.find_spec(name) is None]
    if missing:
        raise UserError(
            f"--web needs {' and '.join(missing)}: not installed\n"
            'Install it: pip install -c requirements.lock -e ".[web]"'
        )


def _opened() -> "Session":
    """Open the session, and show what is loading."""
    from rich.console import Console
    from rich.text import Text

    err = Console(stderr=True)
    for line in _at_work():
        err.print(Text(line, "yellow"), soft_wrap=True)
    with interruptible(), err.status(Text("Starting (the first start takes longer) …")) as status:
        from thesis.ask.loading import open_session

        session = open_session(lambda line: status.update(Text(f"{line} …")))
    for notice in session.notices:
        err.print(Text(visible(notice), "yellow"), soft_wrap=True)
    return session


def _at_work() -> list[str]:
    """Lines about the stages that run in this folder now."""
    from stages.shell.alone import running
    from stages.shell.runs import WORK

    return [f"{holder}; it continues, and both it and the answers are slower" for holder in running(WORK)]


def _prompt(text: str | None, prompt: str | None, session: "Session") -> "Prompt":
    from thesis.ask.prompts import chosen_prompt, typed_prompt

    if prompt is not None:
        return chosen_prompt(prompt, session.asked)
    return typed_prompt(text or "", session.asked)


def _once(
    session: "Session", prompt: "Prompt", settings: "Settings", arms: list[str], as_json: bool, keep: bool
) -> None:
    from thesis.ask.menu import tell_saved
    from thesis.ask.saving import save
    from thesis.ask.showing import prompt_view
    from thesis.ask.terminal import ask_all, show

    chosen = session.chosen(arms)
    console, err = _console(), _console(stderr=True)
    if not as_json:
        console.print(prompt_view(prompt.text))
    answers = ask_all(session, chosen, prompt, settings, err if as_json else console)
    saved = save(answers) if keep else []
    if as_json:
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


def _again_and_again(session: "Session", settings: "Settings", arms: list[str]) -> None:
    from thesis.ask.keyboard import read_line
    from thesis.ask.menu import Menu

    Menu(session, session.chosen(arms), settings, _console(), read_line).run()


def _console(stderr: bool = False) -> "Console":
    """Console that prints model text unchanged: no markup, no emoji, no colors for code."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)
