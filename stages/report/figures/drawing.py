"""What all figures share: name, title and caption, panels, arms and axes, and the PDF."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.common.comparison import condition_of, source_of
from stages.common.look import COLORS, IS_FILLED, PAPER, arm_name, shape_of
from stages.common.phrases import shortened
from stages.report.lettering import drawable, saving

WIDTH, NARROW = 6.3, 3.15
"""Inches: 16 cm and 8 cm, the widths of a thesis's text and of half of it."""
SMALL = 7
"""Points of the smallest text."""
LABEL = 1.55
"""Inches for the names of arms beside a figure."""
LONGEST = 24
"""Characters of a name that fit there."""


@dataclass(frozen=True)
class Drawing:
    """A figure with its words; make and save it within the context of STYLE."""

    name: str
    """The name of its files."""
    figure: Figure
    title: str
    """What it shows, in a sentence."""
    caption: str
    """How to read it; `[words](key)` links to a definition."""
    finds: bool = True
    """Whether it shows anything beyond chance; the page folds a figure that does not."""
    narrow: Figure | None = None
    """The same at 8 cm; None if only 16 cm will do."""


def pdf_bytes(figure: Figure) -> bytes:
    """The figure as PDF with embedded fonts, without the time: the bytes are reproducible."""
    buffer = io.BytesIO()
    metadata = {"Creator": None, "Producer": None, "CreationDate": None}
    figure.savefig(buffer, format="pdf", metadata=metadata, **saving(figure))
    return buffer.getvalue()


def panels(
    n_rows: int,
    n_columns: int,
    *,
    row: float,
    top: float = 0.55,
    bottom: float = 0.5,
    left: float = LABEL,
    right: float = 0.1,
    width: float = WIDTH,
    gap: float = 0.16,
    between: float = 0.4,
) -> tuple[Figure, list[list[Axes]]]:
    """A figure with a grid of axes. All measures are in inches; `row` is the height of one axes."""
    height = top + bottom + n_rows * row + (n_rows - 1) * between
    figure = Figure(figsize=(width, height), facecolor="white")
    wide = (width - left - right - (n_columns - 1) * gap) / n_columns
    grid = [
        [
            figure.add_axes(
                (
                    (left + j * (wide + gap)) / width,
                    1 - (top + i * (row + between) + row) / height,
                    wide / width,
                    row / height,
                )
            )
            for j in range(n_columns)
        ]
        for i in range(n_rows)
    ]
    return figure, grid


def beside(axes: Axes, words: str, at: tuple[float, float], shift: tuple[float, float], **style: Any) -> None:
    """Write words some points away from a place: a share of the axes unless `xycoords` says otherwise."""
    near: dict[str, Any] = {
        "xycoords": "axes fraction",
        "textcoords": "offset points",
        "annotation_clip": False,
    }
    axes.annotate(drawable(words), at, xytext=shift, **(near | style))


def name_arms(axes: Axes, arms: Sequence[str], base: str) -> None:
    """Write the name of an arm beside every row, the first arm on top."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(arms) - 0.45, -0.55)
    near: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "ha": "right", "va": "center"}
    for row, arm in enumerate(arms):
        name = shortened(arm_name(arm, base), LONGEST)
        beside(axes, name, (0, row), (-6, 0), fontsize=7.5, color=color_of(arm), **near)


def paired(arms: Sequence[str]) -> list[str]:
    """The arms with those of one source side by side: original, augmented, no data.

    >>> paired(["b/none", "a/augmented", "c/none", "a/original"])
    ['b/none', 'a/original', 'a/augmented', 'c/none']
    """
    sources, conditions = list(dict.fromkeys(map(source_of, arms))), list(COLORS)
    return sorted(arms, key=lambda arm: (sources.index(source_of(arm)), conditions.index(condition_of(arm))))


def does(who: str, one: str, several: str) -> str:
    """The verb after a list of names.

    >>> does("LoRA", "is", "are"), does("LoRA and Examples", "is", "are")
    ('is', 'are')
    """
    return several if " and " in who else one


def color_of(arm: str) -> str:
    return COLORS[condition_of(arm)]


def mark_of(arm: str, base: str) -> dict[str, Any]:
    """How matplotlib draws the mark of an arm."""
    color = color_of(arm)
    inside = color if IS_FILLED[condition_of(arm)] else PAPER
    return {"marker": shape_of(arm, base).marker, "color": color, "markerfacecolor": inside, "linewidth": 0}


def percent_axis(axes: Axes, ticks: Sequence[float] = (0, 0.5, 1)) -> None:
    axes.set_xlim(0, 1)
    axes.set_xticks(list(ticks))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.tick_params(axis="x", labelsize=SMALL)
    first, *_, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
