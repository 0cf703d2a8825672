"""The page: one self-contained HTML file."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stages.report import numbers, tables
from stages.report.completions import STATUS_WORDS, anchor, asked
from stages.report.inputs import Inputs
from stages.report.shares import focus_of
from stages.report.style import inline_svg

TEMPLATES = Path(__file__).parent / "templates"


def page(inputs: Inputs, overview_svg: str) -> str:
    """The whole report; whatever models wrote stands in it escaped."""
    return environment().get_template("report.html.jinja").render(
        inputs=inputs,
        picture=Markup(inline_svg(overview_svg)),  # our own drawing, its words are outlines
        focus=focus_of(inputs),
        arm_rows=tables.arm_rows(inputs),
        loss_arms=tables.loss_arms(inputs),
        loss_lines=tables.loss_lines(inputs),
        protected=tables.protected(inputs),
        fidelity_tables=tables.fidelity_tables(inputs),
        gaps=tables.gaps(inputs),
        asked=asked(inputs),
        status_words=STATUS_WORDS,
        one_in=round(1 / (1 - inputs.confidence)),
    )  # fmt: skip


def environment() -> Environment:
    """Escapes everything that is not marked as safe; a slip in a name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"rounded": numbers.rounded, "percent": numbers.percent, "count": numbers.count}
    made.globals |= {"span": numbers.span, "anchor": anchor}
    return made
