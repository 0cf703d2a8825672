"""Draw the picture at the top of README: the first picture of the report, with its headline."""

from dataclasses import replace
from textwrap import wrap

from matplotlib.figure import Figure
from matplotlib.style import context

from stages.common.look import QUIET
from stages.report.caveats import short_caveat
from stages.report.figures.shares import WIDE, draw_shares
from stages.report.inputs import Inputs
from stages.report.lettering import drawable, start_numbers
from stages.report.loading import texts_of
from stages.report.moved import how_to_read, moved
from stages.report.numbers import percents
from stages.report.shares import ArmShare, shares
from stages.report.style import style_for, svg_text

WIDTH, CHARACTERS = 7.6, 110
"""Inches, and characters of a line of the small print."""


def overview_svg(inputs: Inputs) -> str:
    start_numbers()
    with context(["default", style_for(texts_of(inputs.tables))]):  # whatever matplotlibrc a person has
        return svg_text(overview(inputs), title_of(inputs))


def title_of(inputs: Inputs) -> str:
    """The content of the picture, for readers who cannot see it."""
    shown = shares(inputs)
    levels = [
        f"{level.name}: {'; '.join(_share(one, inputs) for one in level.arms)}" for level in shown.levels
    ]
    return " ".join(f"{one}." for one in (moved(shown, inputs), *levels))


def _share(share: ArmShare, inputs: Inputs) -> str:
    found = share.of or (percents(min(share.values), max(share.values)) if share.values else "no valid value")
    return f"{inputs.name(share.arm)} {found}"


def overview(inputs: Inputs) -> Figure:
    """Draw the picture, within the context of STYLE."""
    shown = shares(inputs)
    words = [line for one in _small_print(inputs) for line in wrap(drawable(one), CHARACTERS)]
    figure = draw_shares(shown, inputs, replace(WIDE, width=WIDTH, top=0.5 + 0.17 * len(words)))
    height = figure.get_figheight()
    figure.text(0.015, 1 - 0.1 / height, drawable(moved(shown, inputs)), va="top", fontsize=11, weight="bold")
    small = "\n".join(words)
    figure.text(0.015, 1 - 0.37 / height, small, va="top", fontsize=8, color=QUIET, linespacing=1.35)
    return figure


def _small_print(inputs: Inputs) -> list[str]:
    shown = shares(inputs)
    read = how_to_read(shown, inputs)
    return [one for one in (read, "" if shown.n_trainings else short_caveat(inputs)) if one]
