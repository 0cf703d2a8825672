"""The page: a prompt above, one column for each arm below."""

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import escape

from stages.collect.answers import EXTERNAL, INTERACTIVE
from stages.common.shown import visible
from stages.shell.errors import UserError
from thesis.ask.answers import Answer
from thesis.ask.prompts import typed_prompt
from thesis.ask.saving import Saved, save, undo
from thesis.ask.session import Session
from thesis.ask.settings import Settings
from thesis.ask.web.columns import Column
from thesis.ask.web.streaming import drawn

OWN_WORDS = "my own words"
MAX_DRAWS = 10
"""Most draws of the slider; the terminal takes more."""


def page_of(session: Session) -> Any:
    """Build the page of a session; one draw is computed at a time, whoever opens it."""
    with gr.Blocks(title=f"Ask {session.base_name}", analytics_enabled=False) as page:
        gr.HTML(_head(session))
        text = _prompt(session)
        settings = _settings(session.settings)
        with gr.Row():
            ask = gr.Button("Ask", variant="primary", elem_id="ask")
            stop = gr.Button("Stop", elem_id="stop")
            keep = gr.Button("Save", elem_id="save")
            back = gr.Button("Undo save", elem_id="undo")
        told = gr.Textbox(label="Saved", interactive=False, lines=1, max_lines=12, elem_id="told")
        with gr.Row(elem_id="columns"):
            columns = [gr.HTML(Column(arm).html(), min_width=260) for arm in session.columns]
        answers, saved = gr.State([]), gr.State([])
        running = ask.click(_asking(session), [text, *settings], [*columns, answers])
        stop.click(None, cancels=[running])
        keep.click(_keep, [answers, saved], [saved, told])
        back.click(_take_back, saved, [saved, told])
        page.load(_saved_before, outputs=told)
    return page


def _prompt(session: Session) -> Any:
    """The text box with the prompt, below the list of prompts."""
    asked, first = {prompt.id: prompt.text for prompt in session.asked}, session.asked[0]
    choice = gr.Dropdown([*asked, OWN_WORDS], value=first.id, label="Prompt", elem_id="choice")
    text = gr.Textbox(first.text, label="What is asked", lines=8, max_lines=20, elem_id="prompt")
    choice.input(lambda name: asked.get(name, ""), choice, text)
    text.input(lambda: OWN_WORDS, outputs=choice)
    return text


def _settings(plain: Settings) -> list[Any]:
    """Inputs for draws, temperature, seed and constrained, in the order of `_asking`."""
    with gr.Row():
        return [
            gr.Slider(1, MAX_DRAWS, plain.draws, step=1, label="Draws per arm"),
            gr.Number(
                plain.temperature, label="Temperature", info="1: as learned; near 0: the likeliest words"
            ),
            gr.Number(plain.seed, precision=0, label="Seed", info="the same seed, the same answer"),
            gr.Checkbox(
                label="Only what fits the schema",
                info="decodes under the schema's grammar" if _has_xgrammar() else "needs xgrammar",
                interactive=_has_xgrammar(),
            ),
        ]


def _asking(session: Session) -> Callable[..., Iterator[list[Any]]]:
    """The action of the button Ask: it yields the columns' HTML and the answers, again and again."""

    def ask(
        text: str, draws: float, temperature: float, seed: float, constrained: bool
    ) -> Iterator[list[Any]]:
        shown: list[Column] = []
        try:
            if not (text or "").strip():
                raise UserError("The prompt is empty: type one, or choose one above")
            prompt = typed_prompt(text, session.asked)
            settings = session.settings.changed(
                draws=draws, temperature=temperature, seed=seed, constrained=constrained
            )
            for shown in drawn(session, session.columns, prompt, settings):
                yield [*(column.html(is_running=True) for column in shown), []]
        except UserError as error:
            raise gr.Error(str(escape(visible(str(error)))), duration=None, print_exception=False) from None
        yield [*(column.html() for column in shown), [one for column in shown for one in column.answers]]

    return ask


def _head(session: Session) -> str:
    notices = "".join(f"<p class='notice'>{escape(visible(notice))}</p>" for notice in session.notices)
    line = "The base model, and the same model after each of the two trainings, side by side."
    return f"<h1>Ask {escape(visible(session.base_name))}</h1><p>{line}</p>{notices}"


def _keep(answers: Sequence[Answer], before: Sequence[Saved]) -> tuple[list[Saved], str]:
    if not answers:
        raise gr.Error("There is nothing to save yet: ask first", print_exception=False)
    now = save(answers)
    known = {one.path for one in before}
    lines = [f"{one.path}" + ("" if one.is_new else "  (already saved)") for one in now]
    return [*before, *(one for one in now if one.is_new and one.path not in known)], "\n".join(lines)


def _take_back(saved: Sequence[Saved]) -> tuple[list[Saved], str]:
    removed = undo(saved)
    return [], "\n".join(f"removed: {path}" for path in removed) or "nothing to undo"


def _saved_before() -> str:
    """Say after a reload how many answers of this page and the terminal are in data/external."""
    files = sorted(Path(EXTERNAL).glob(f"*{INTERACTIVE}/*/*/*.md"))
    return f"{len(files)} answers saved so far" if files else "nothing saved yet"


def _has_xgrammar() -> bool:
    return importlib.util.find_spec("xgrammar") is not None
