"""What every figure has: a stable name, words for who cannot see it, and its two formats."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from matplotlib.transforms import blended_transform_factory

from stages.common.comparison import condition_of
from stages.common.phrases import shortened
from stages.report.lettering import drawable, saving
from stages.report.style import COLOURS, QUIET

WIDTH = 7.2
"""Inches: the text width of an A4 page, a little reduced."""
SOURCE_MARKERS = "oDs^vP*Xhp<>"
LABEL = 1.55
"""Inches for the names of arms beside a figure."""


@dataclass(frozen=True)
class Drawing:
    """Call the drawing functions, and its formats, within the context of STYLE."""

    name: str
    """Of its files."""
    figure: Figure
    title: str
    """What it shows, for who cannot see it."""
    caption: str
    """How to read it; `[words](key)` links to a definition."""


def pdf_bytes(figure: Figure) -> bytes:
    """Vector PDF, fonts embedded; without the time, so that it is the same bytes again."""
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
    """Axes in a grid, all measures in inches; `row` is the height of one."""
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


def name_arms(axes: Axes, arms: Sequence[str]) -> None:
    """Source and condition beside every row, the first arm on top."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(arms) - 0.45, -0.55)
    for row, arm in enumerate(arms):
        name_arm(axes, row, arm)


def name_arm(axes: Axes, row: float, arm: str) -> None:
    source, _, condition = arm.rpartition("/")
    left = blended_transform_factory(axes.transAxes, axes.transData)
    near: dict[str, Any] = {"textcoords": "offset points", "annotation_clip": False, "ha": "right"}
    axes.annotate(
        drawable(shortened(source, 20)),
        (0, row),
        xycoords=left,
        xytext=(-8, 1),
        va="bottom",
        fontsize=8,
        **near,
    )
    axes.annotate(
        condition_words(arm),
        (0, row),
        xycoords=left,
        xytext=(-8, -1),
        va="top",
        fontsize=7,
        color=COLOURS.get(condition, QUIET),
        **near,
    )


def condition_words(arm: str) -> str:
    condition = condition_of(arm)
    return "no data shown" if condition == "none" else condition


def colour_of(arm: str) -> str:
    return COLOURS.get(condition_of(arm), COLOURS["none"])


def marker_of(arm: str, arms: Sequence[str]) -> str:
    """By source: shape tells apart what colour does not."""
    sources = list(dict.fromkeys(one.rpartition("/")[0] for one in arms))
    return SOURCE_MARKERS[sources.index(arm.rpartition("/")[0]) % len(SOURCE_MARKERS)]


def percent_axis(axes: Axes, ticks: Sequence[float] = (0, 0.5, 1)) -> None:
    axes.set_xlim(0, 1)
    axes.set_xticks(list(ticks))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.tick_params(axis="x", labelsize=7)
    first, *_, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")


def head(axes: Axes, words: str, most: int = 34) -> None:
    axes.set_title(drawable(shortened(words, most)), loc="left", fontsize=8.5, pad=5)
