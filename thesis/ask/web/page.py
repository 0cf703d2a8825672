"""The page and the files that it loads."""

import importlib.util
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from stages.collect.answers import EXTERNAL, INTERACTIVE
from stages.common.look import COLORS, DARK, TINTS, VERDICT_SYMBOLS
from stages.common.shown import in_template, visible
from thesis.ask.session import Session
from thesis.ask.web.columns import named
from thesis.ask.web.typed import MAX_DRAWS, NUMBERS

FIELDS = {
    "draws": ("Draws per arm", f"1 to {MAX_DRAWS}"),
    "first_draw": ("First draw", "later draws are other answers"),
    "temperature": ("Temperature", "1: as learned; near 0: the likeliest words"),
    "seed": ("Seed", "the same seed gives the same answer"),
}
"""Labels of the settings, and what they do."""
SCRIPTS = ("columns.js", "fields.js", "page.js")
"""The last imports the others."""
SHARED = {"card.js": "text/javascript", "card.css": "text/css"}
"""What draws a card, in the report too."""


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("thesis.ask.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=in_template,
    )
    return environment.get_template("page.html.jinja")


def page_html(session: Session) -> str:
    """The page; its script finds the prompts and the columns in `data`."""
    plain = session.settings.model_dump()
    return str(
        _template().render(
            base=session.base_name,
            notices=session.notices,
            fields=[(name, *FIELDS[name], f"{plain[name]}".removesuffix(".0")) for name in NUMBERS],
            has_grammar=importlib.util.find_spec("xgrammar") is not None,
            n_saved=_n_saved(),
            data=_data(session),
            styles=("look.css", "card.css", "page.css"),
        )
    )


def assets() -> dict[str, tuple[str, str]]:
    """Text and media type of the scripts and styles, by their path."""
    static = files("thesis.ask.web") / "static"
    own = {"page.css": "text/css", "icon.svg": "image/svg+xml"} | dict.fromkeys(SCRIPTS, "text/javascript")
    folders = {static: own, files("stages.report") / "templates": SHARED}
    found = {
        f"/{name}": ((folder / name).read_text("utf-8"), kind)
        for folder, kinds in folders.items()
        for name, kind in kinds.items()
    }
    return found | {"/look.css": (_look(), "text/css")}


def _data(session: Session) -> dict[str, Any]:
    return {
        "base": session.base_name,
        "asked": [{"id": prompt.id, "text": prompt.text} for prompt in session.asked],
        "columns": [named(arm, session.base_name) for arm in session.columns],
        "symbols": VERDICT_SYMBOLS,
        "paths": [visible(field.path) for field in session.schema.fields],
    }


def _look() -> str:
    """The colors of the conditions as CSS variables, for a light and a dark page."""
    light = "".join(f"--{name}:{color};--{name}-tint:{TINTS[name]};" for name, color in COLORS.items())
    dark = "".join(f"--{name}:{color};--{name}-tint:#2a3038;" for name, color in DARK.items())
    return f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _n_saved() -> int:
    """How many answers of this page and of the terminal lie in data/external."""
    return sum(1 for _ in Path(EXTERNAL).glob(f"*{INTERACTIVE}/*/*/*.md"))
