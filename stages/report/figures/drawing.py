"""What all figures share: name, title and caption, panels, arms and axes, and the PDF."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.common.comparison import condition_of, source_of
from stages.common.look import COLORS, QUIET
from stages.common.phrases import shortened
from stages.report.lettering import drawable, saving

WIDTH = 7.2
"""Inches: the text width of an A4 page, a little reduced."""
SOURCE_MARKERS = "oDs^vP*Xhp<>"
LABEL = 1.55
"""Inches for the names of arms beside a figure."""


@dataclass(frozen=True)
class Drawing:
    """A figure with its words; make and save it within the context of STYLE."""

    name: str
    """The name of its files."""
    figure: Figure
    title: str
    """What it shows, for readers who cannot see it."""
    caption: str
    """How to read it; `[words](key)` links to a definition."""
    finds: bool = True
    """Whether it shows anything beyond chance; the page folds a figure that does not."""


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
    width: float = WIDTH,
    gap: float = 0.16,
    between: float = 0.4,
) -> tuple[Figure, list[list[Axes]]]:
    """A figure with a grid of axes. All measures are in inches; `row` is the height of one axes."""
    height = top + bottom + n_rows * row + (n_rows - 1) * between
    figure = Figure(figsize=(width, height), facecolor="white")
    wide = (width - left - 0.1 - (n_columns - 1) * gap) / n_columns
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


def name_arms(axes: Axes, arms: Sequence[str]) -> None:
    """Write source and condition beside every row, the first arm on top."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(arms) - 0.45, -0.55)
    for row, arm in enumerate(arms):
        source, condition = shortened(source_of(arm), 20), condition_words(arm)
        color = COLORS.get(condition_of(arm), QUIET)
        near: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "ha": "right"}
        beside(axes, source, (0, row), (-8, 1), va="bottom", fontsize=8, **near)
        beside(axes, condition, (0, row), (-8, -1), va="top", fontsize=7, color=color, **near)


def condition_words(arm: str) -> str:
    condition = condition_of(arm)
    return "no data shown" if condition == "none" else condition


def color_of(arm: str) -> str:
    return COLORS.get(condition_of(arm), COLORS["none"])


def marker_of(arm: str, arms: Sequence[str]) -> str:
    """The marker of an arm's source: color already shows the condition."""
    sources = list(dict.fromkeys(map(source_of, arms)))
    return SOURCE_MARKERS[sources.index(source_of(arm)) % len(SOURCE_MARKERS)]


def percent_axis(axes: Axes, ticks: Sequence[float] = (0, 0.5, 1)) -> None:
    axes.set_xlim(0, 1)
    axes.set_xticks(list(ticks))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.tick_params(axis="x", labelsize=7)
    first, *_, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
