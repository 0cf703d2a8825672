"""Draw shares of levels: the first picture, and one level of all arms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.common.comparison import condition_of
from stages.common.look import COLORS, INK, IS_FILLED, PAPER, QUIET, TINTS, shape_of
from stages.common.phrases import shortened
from stages.report.figures.drawing import Drawing, beside
from stages.report.inputs import Inputs
from stages.report.moved import how_to_read, moved
from stages.report.numbers import percents
from stages.report.shares import ArmShare, Level, Shares, focused, shares


@dataclass(frozen=True)
class Layout:
    """Measures in inches."""

    width: float
    left: float
    """For names beside the lines."""
    right: float = 0.85
    """For numbers."""
    head: float = 0.0
    """For the name of a level above its lines; 0 puts it beside them."""
    top: float = 0.1


WIDE = Layout(6.3, 1.7, 1.0)
"""16 cm."""
NARROW = Layout(3.15, 0.15, 0.75, 0.2)
"""8 cm: half a page, or a phone."""
LINE, GAP, BOTTOM = 0.25, 0.16, 0.3
"""Inches of one arm, between two levels, and below the axis."""

ON_LINE = ("axes fraction", "data")
LABEL: dict[str, Any] = {"fontsize": 8.5, "ha": "right", "va": "center", "xycoords": ON_LINE}


def draw(inputs: Inputs) -> list[Drawing]:
    """The first picture, and one level of all arms."""
    free = inputs.free
    first, every = shares(free), focused(free)
    name = "calibration" if first.n_trainings else "declared"
    found = []
    if any(level.is_contrast for level in first.levels):
        found = [_drawing(name, first, free)]
    return [*found, *([_drawing("all-arms", every, free)] if every.levels else [])]


def _drawing(name: str, shown: Shares, inputs: Inputs) -> Drawing:
    wide = draw_shares(shown, inputs)
    contrasts = all(level.is_contrast for level in shown.levels)  # names of arms need the full width
    narrow = draw_shares(shown, inputs, NARROW) if contrasts else None
    return Drawing(name, wide, moved(shown, inputs), how_to_read(shown, inputs), narrow=narrow)


def draw_shares(shown: Shares, inputs: Inputs, layout: Layout = WIDE) -> Figure:
    """One line per arm, by level; a mark per training."""
    places, bottom = _places(shown.levels, layout.head)
    figure, axes = lines(max(bottom, LINE), layout)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1] if layout.head == 0 else [0, 0.5, 1])
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    several = len({level.prompt for level in shown.levels}) > 1
    for level, at in zip(shown.levels, places, strict=True):
        _name(axes, level, at, layout, f"{level.name}, {level.prompt}" if several else level.name, inputs)
        for share, place in zip(level.arms, at, strict=True):
            _arm(axes, share, place, inputs)
    return figure


def _name(axes: Axes, level: Level, at: list[float], layout: Layout, name: str, inputs: Inputs) -> None:
    """Name a level beside or above its lines; where it has many arms, name these instead."""
    if not level.is_contrast:
        for share, place in zip(level.arms, at, strict=True):
            words, color = inputs.name(share.arm), _color(share.arm)
            beside(axes, shortened(words, 28), (0, place), (-10, 0), **LABEL, color=color)
    elif layout.head:
        above = at[0] - layout.head
        beside(axes, shortened(name, 45), (0, above), (0, 0), **{**LABEL, "ha": "left", "weight": "bold"})
    else:
        beside(axes, shortened(name, 30), (0, (at[0] + at[-1]) / 2), (-10, 0), **LABEL)


def _places(levels: Sequence[Level], head: float) -> tuple[list[list[float]], float]:
    """The height of every line in inches from the top, by level, and where they end."""
    found, place = [], LINE / 2
    for level in levels:
        place += head
        found.append([place + LINE * i for i in range(len(level.arms))])
        place += LINE * len(level.arms) + GAP
    return found, place - GAP - LINE / 2


def lines(height: float, layout: Layout) -> tuple[Figure, Axes]:
    """A figure with axes whose vertical unit is an inch, downwards."""
    width, whole = layout.width, layout.top + height + LINE / 2 + BOTTOM
    figure = Figure(figsize=(width, whole), facecolor=PAPER)
    across = (width - layout.left - layout.right) / width
    axes = figure.add_axes((layout.left / width, BOTTOM / whole, across, (height + LINE / 2) / whole))
    axes.set_ylim(height + LINE / 2, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=8)
    return figure, axes


def _arm(axes: Axes, share: ArmShare, place: float, inputs: Inputs) -> None:
    condition, color = condition_of(share.arm), _color(share.arm)
    if share.low is not None and share.high is not None:
        axes.barh(place, share.high - share.low, 0.16, left=share.low, color=TINTS[condition], zorder=1)
    if share.data is not None:
        axes.plot([share.data] * 2, [place - 0.11, place + 0.11], color=INK, linewidth=1.4, zorder=3)
    if not share.values:
        beside(axes, "no valid value", (0, place), (2, 0), va="center", xycoords=ON_LINE, color=QUIET)
        return
    ends = [min(share.values), max(share.values)]
    axes.plot(ends, [place] * 2, color=TINTS[condition], linewidth=3, zorder=2, solid_capstyle="round")
    axes.plot(share.values, [place] * len(share.values), shape_of(share.arm, inputs.base).marker,
              markersize=5.5, color=color, markerfacecolor=color if IS_FILLED[condition] else PAPER,
              markeredgewidth=1.2, clip_on=False, zorder=4)  # fmt: skip
    beside(axes, share.of or percents(*ends), (1, place), (10, 0), va="center", xycoords=ON_LINE, color=color)


def _color(arm: str) -> str:
    return COLORS[condition_of(arm)]
