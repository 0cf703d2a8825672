"""Write the page: one self-contained HTML file."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stages.common.look import VERDICT_SYMBOLS
from stages.common.phrases import many
from stages.common.shown import in_template
from stages.common.verdicts import VERDICT_WORDS
from stages.report import numbers
from stages.report.caveats import without_caveat
from stages.report.completions import matrix
from stages.report.discussion import discussion
from stages.report.glossary import markdown
from stages.report.inline import colors_by_night, inline_svg
from stages.report.inputs import Inputs
from stages.report.links import Links, prompt_of
from stages.report.screens import findings, screens
from stages.report.table import Table, first_rows
from stages.report.tables.collected import missing_words

SECTIONS = {
    "answer": "Findings",
    "augmentation": "Augmentation",
    "contrasts": "Contrasts",
    "format": "Format",
    "fidelity": "Fidelity",
    "bias": "Bias",
    "consistency": "Consistency",
    "diversity": "Variety",
    "prompting": "Prompting",
    "losses": "Losses",
    "discussion": "Discussion",
    "ran": "What was run",
    "reading": "How to read",
    "gaps": "Not computed",
    "glossary": "Glossary",
    "completions": "Completions",
}
FIRST = ("calibration", "declared", "all-arms")
"""Figures of which the first that is there is the first picture; see `stages/report/shares.py`."""
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("page.js", "card.js", "viewer.js")


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it."""

    name: str
    svg: str
    title: str
    """What it shows, in a sentence."""
    caption: str
    finds: bool = True
    """Whether it shows anything beyond chance; False folds it under its title."""
    narrow_svg: str = ""
    """The same for a phone; "" if there is only one width."""

    @property
    def markup(self) -> Markup:
        return Markup(inline_svg(self.svg, self.name))

    @property
    def narrow(self) -> Markup:
        return Markup(inline_svg(self.narrow_svg, f"{self.name}-8cm") if self.narrow_svg else "")


F = TypeVar("F", Picture, Table)


def page(inputs: Inputs, pictures: Sequence[Picture], tables: Sequence[Table]) -> str:
    """The whole report; what models wrote is escaped."""
    scripts = [TEMPLATES.joinpath(name).read_text("utf-8") for name in SCRIPTS]
    links = Links(inputs.glossary, tables, {one.name: one.caption for one in pictures})
    shown_pictures = {one.name: replace(one, caption=without_caveat(one.caption)) for one in pictures}
    shown_tables = {one.name: first_rows(replace(one, note=without_caveat(one.note))) for one in tables}
    first = next((shown_pictures.pop(name) for name in FIRST if name in shown_pictures), None)
    shown = screens(inputs.free, {*shown_pictures, *shown_tables})
    return (
        environment(links, inputs.prompts_in_order)
        .get_template("report.html.jinja")
        .render(
            inputs=inputs,
            sections=sections,
            first=first,
            found=findings(shown, inputs.free),
            screens=shown,
            discussion=discussion(inputs),
            pictures=shown_pictures,
            tables=shown_tables,
            missing=missing_words(inputs),
            completions=matrix(inputs),
            verdict_symbols=VERDICT_SYMBOLS,
            verdict_words=VERDICT_WORDS,
            night=colors_by_night(picture.svg for picture in pictures),
            scripts=[Markup(script) for script in scripts],
            script_hashes=[*map(script_hash, scripts)],
        )
    )


def sections(main: str) -> list[tuple[str, str]]:
    """The ids and names of the sections whose heading stands in the main part of the page."""
    return [(name, words) for name, words in SECTIONS.items() if f'<h2 id="{name}">' in main]


def script_hash(script: str) -> str:
    """The hash that lets the policy of the page run this script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def named(found: Mapping[str, F], name: str) -> list[F]:
    """The figure or table with this name; for a name that ends in "-", all that begin with it."""
    if name.endswith("-"):
        return [one for key, one in found.items() if key.startswith(name)]
    return [found[name]] if name in found else []


def by_prompt_of(found: Sequence[F], prompts: Sequence[str]) -> dict[str, list[F]]:
    """Figures or tables by the prompt that they belong to; those of no prompt, "", come first."""
    grouped: dict[str, list[F]] = {prompt: [] for prompt in ("", *prompts)}
    for one in found:
        grouped[prompt_of(one.name, prompts)].append(one)
    return {prompt: members for prompt, members in grouped.items() if members}


def environment(links: Links, prompts: Sequence[str]) -> Environment:
    """The environment of the templates: it escapes what is not marked as safe, and refuses unknown names."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=in_template,
    )
    made.filters |= {
        "percent": numbers.percent,
        "count": numbers.count,
        "markdown": markdown,
        "linked": links.linked,
    }
    made.globals |= {
        "by_prompt_of": lambda found: by_prompt_of(found, prompts),
        "defined": links.glossary.anchor,
        "many": many,
        "named": named,
    }
    return made
