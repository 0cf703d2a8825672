"""Draw the shares of the first picture, and the differences of every pair of trainings."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.common.calibration import CalibratedContrast, Calibration
from stages.common.comparison import condition_of
from stages.common.look import COLORS, FAINT, INK, IS_FILLED, PAPER, QUIET, TINTS, shape_of
from stages.common.phrases import many, shortened
from stages.report.comparing import what_is_compared
from stages.report.figures.drawing import Drawing, beside
from stages.report.inputs import Inputs
from stages.report.moved import how_to_read, moved
from stages.report.numbers import percents, signed
from stages.report.shares import ArmShare, Level, Shares, focused, shares

WIDTH = 6.3
"""Inches: 16 cm."""
LEFT, RIGHT = 1.75, 0.85
"""Inches for names on the left and numbers on the right."""
LINE, GAP, BOTTOM = 0.25, 0.16, 0.3
"""Inches of one arm, between two levels, and below the axis."""

ON_LINE = ("axes fraction", "data")
LABEL: dict[str, Any] = {"fontsize": 8.5, "ha": "right", "va": "center", "xycoords": ON_LINE}


def draw(inputs: Inputs) -> list[Drawing]:
    free = inputs.free
    shown, found = shares(free), []
    if shown.levels:
        found.append(_shares("calibration" if shown.n_trainings else "shares", shown, free))
    every = focused(free)
    if every.levels and every != shown:
        found.append(_shares("all-arms", every, free))
    if isinstance(free.calibration, Calibration) and free.trainings.pairs:
        found.append(_differences(free.calibration, free))
    return found


def _shares(name: str, shown: Shares, inputs: Inputs) -> Drawing:
    return Drawing(name, draw_shares(shown, inputs), moved(shown, inputs), how_to_read(shown, inputs))


def draw_shares(shown: Shares, inputs: Inputs, *, width: float = WIDTH, top: float = 0.1) -> Figure:
    """One line per arm, by level; a mark per training.

    Args:
        top: inches left free above the axes.
    """
    lines, bottom = _places(shown.levels)
    figure, axes = _axes(max(bottom, LINE), width, top)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    several = len({level.prompt for level in shown.levels}) > 1
    for level, places in zip(shown.levels, lines, strict=True):
        name = f"{level.name}, {level.prompt}" if several else level.name
        if level.is_contrast:
            beside(axes, shortened(name, 30), (0, _middle(places)), (-10, 0), **LABEL)
        else:
            beside(axes, shortened(name, 60), (0, -LINE), (0, 0), va="center", xycoords=ON_LINE)
        for share, place in zip(level.arms, places, strict=True):
            _arm(axes, share, place, inputs)
            if not level.is_contrast:
                words, color = inputs.name(share.arm), _color(share.arm)
                beside(axes, shortened(words, 28), (0, place), (-10, 0), **LABEL, color=color)
    return figure


def _middle(places: Sequence[float]) -> float:
    return (places[0] + places[-1]) / 2


def _places(levels: Sequence[Level]) -> tuple[list[list[float]], float]:
    """The height of every line in inches from the top, by level, and where they end."""
    found, place = [], LINE / 2
    for level in levels:
        found.append([place + LINE * i for i in range(len(level.arms))])
        place += LINE * len(level.arms) + GAP
    return found, place - GAP - LINE / 2


def _axes(height: float, width: float, top: float) -> tuple[Figure, Axes]:
    """Axes whose vertical unit is an inch, downwards."""
    whole = top + height + LINE / 2 + BOTTOM
    figure = Figure(figsize=(width, whole), facecolor=PAPER)
    place = (LEFT / width, BOTTOM / whole, (width - LEFT - RIGHT) / width, (height + LINE / 2) / whole)
    axes = figure.add_axes(place)
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


def _differences(calibration: Calibration, inputs: Inputs) -> Drawing:
    """A mark per pair of trainings, and the interval over them; what stands is in color."""
    about = calibration.contrasts
    figure, axes = _axes(LINE * 1.3 * len(about), WIDTH, 0.1)
    axes.axvline(0, color=FAINT, zorder=0)
    for i, one in enumerate(about):
        _pairs(axes, one, inputs.trainings.differences(one.contrast), LINE * (0.65 + 1.3 * i))
    most = max(abs(end) for end in axes.get_xlim())
    axes.set_xlim(-most, most)
    caption = (
        "Difference b − a, augmented minus original where the arms are named so. A tick is one pair of "
        "trainings with the same random start, the diamond their mean, the line its [interval](calibration). "
        "Filled: what stands."
    )
    return Drawing("calibration-differences", figure, _most_moved(about), caption)


def _most_moved(about: Sequence[CalibratedContrast]) -> str:
    """Of the shares and rates that stand, the one that moves most; means have units of their own."""
    stand = [one for one in about if one.verdict == "stands"]
    if not stand:
        return f"No difference stands over {many(about[0].n_seeds, 'pair')} of trainings"
    alike = [one for one in stand if one.statistic != "mean"] or stand
    most = max(alike, key=lambda one: abs(one.difference))
    ends = "" if most.low is None or most.high is None else f" ({signed(most.low)} to {signed(most.high)})"
    name = what_is_compared(most.statistic, most.field, most.level)
    return f"Most moved: {name}, by {signed(most.difference)}{ends}"


def _pairs(axes: Axes, one: CalibratedContrast, values: Sequence[float], place: float) -> None:
    stands = one.verdict == "stands"
    color = INK if stands else QUIET
    name = what_is_compared(one.statistic, one.field, one.level).removeprefix("share of ")
    name = name.replace("association of ", "").replace(" with ", " × ")
    beside(axes, shortened(name, 30), (0, place), (-10, 0), **LABEL)
    if one.low is not None and one.high is not None:
        axes.plot([one.low, one.high], [place] * 2, color=color, linewidth=1.5, zorder=2)
    axes.plot(values, [place] * len(values), "|", markersize=8, color=color, zorder=3)
    axes.plot([one.difference], [place], "D", markersize=5, color=color, zorder=4,
              markerfacecolor=color if stands else PAPER)  # fmt: skip
    near: dict[str, Any] = {"va": "center", "xycoords": ON_LINE}
    beside(axes, signed(one.difference), (1, place), (10, 4.5), color=color, **near)
    beside(axes, one.verdict, (1, place), (10, -5.5), color=QUIET, fontsize=7, **near)
