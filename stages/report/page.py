"""Write the page: one self-contained HTML file."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from stages.common.phrases import many
from stages.common.records import ArmCondition
from stages.common.shown import in_template, visible
from stages.common.verdicts import VERDICT_WORDS
from stages.report import numbers
from stages.report.answers import answers
from stages.report.completions import anchor, asked
from stages.report.declared import when_declared
from stages.report.discussion import discussion
from stages.report.glossary import Glossary, markdown
from stages.report.inputs import Inputs
from stages.report.shares import focus_of
from stages.report.style import inline_svg
from stages.report.table import Table, first_rows
from stages.report.tables.collected import missing_words

SECTIONS = {
    "answer": "Answer",
    "reading": "How to read",
    "ran": "What was run",
    "format": "Format",
    "consistency": "Consistency",
    "fidelity": "Fidelity",
    "diversity": "Variety",
    "bias": "Bias",
    "contrasts": "Contrasts",
    "losses": "Losses",
    "discussion": "Discussion",
    "gaps": "Not computed",
    "glossary": "Glossary",
    "completions": "Completions",
}
TEMPLATES = Path(__file__).parent / "templates"
_ARM = re.compile(rf"(?<![\w/])([\w.+()-]+/)({'|'.join(get_args(ArmCondition))})(?![\w/-])")
_LINK = re.compile(r"\[([^\[\]]+)\]\(([\w *-]+)\)")


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it."""

    name: str
    svg: str
    caption: str

    @property
    def markup(self) -> Markup:
        return Markup(inline_svg(self.svg, self.name))


def page(inputs: Inputs, pictures: Sequence[Picture], tables: Sequence[Table]) -> str:
    """The whole report; what models wrote is escaped."""
    script = (TEMPLATES / "viewer.js").read_text("utf-8")
    return (
        environment(inputs.glossary)
        .get_template("report.html.jinja")
        .render(
            inputs=inputs,
            sections=sections,
            answers=answers(inputs.free),
            discussion=discussion(inputs),
            when_declared=[*when_declared(inputs)],
            pictures={picture.name: picture for picture in pictures},
            tables={table.name: first_rows(table) for table in tables},
            focus=focus_of(inputs),
            missing=missing_words(inputs),
            asked=asked(inputs),
            verdict_words=VERDICT_WORDS,
            script=Markup(script),
            script_hash=script_hash(script),
        )
    )


def sections(main: str) -> list[tuple[str, str]]:
    """The ids and names of the sections whose heading stands in the main part of the page."""
    return [(name, words) for name, words in SECTIONS.items() if f'<h2 id="{name}">' in main]


def script_hash(script: str) -> str:
    """The hash that lets the policy of the page run this script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def linked(text: str, glossary: Glossary) -> Markup:
    """A sentence as HTML: `[words](key)` becomes a link to a definition, and names of arms break at /.

    >>> str(linked("[8 of 10](validity) <fit>", Glossary([])))
    '<a href="#glossary">8 of 10</a> &lt;fit&gt;'
    """
    html = re.sub(
        _ARM, r'<span class="part">\1</span><span class="part">\2</span>', str(escape(visible(text)))
    )
    return Markup(re.sub(_LINK, lambda m: f'<a href="#{glossary.anchor(m[2])}">{m[1]}</a>', html))


def named(found: Mapping[str, object], beginning: str) -> list[object]:
    """Figures or tables whose name has this beginning: one per prompt, the headline prompt first."""
    return [one for name, one in found.items() if name.startswith(beginning)]


def environment(glossary: Glossary) -> Environment:
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
        "linked": lambda text: linked(text, glossary),
    }
    made.globals |= {"anchor": anchor, "many": many, "named": named, "defined": glossary.anchor}
    return made
