"""Draw both loss curves: the left half of the overview, and a figure of the page."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from stages.common.look import COLORS, DASHES, IS_FILLED, PAPER
from stages.common.records import CONDITIONS
from stages.common.tables.learning import LossRow

APART = 0.075
"""Least distance of two labels, as a share of the axis."""


def draw_losses(axes: Axes, losses: Sequence[LossRow]) -> None:
    """Draw training thin and validation thick; each pair of curves has its name and last validation loss."""
    for condition in CONDITIONS:
        for split in ("train", "validation"):
            _curve(
                axes, condition, [row for row in losses if (row.condition, row.split) == (condition, split)]
            )
    top = max((row.loss for row in losses), default=1.0)
    axes.set_ylim(0, top * 1.06)
    axes.set_xlim(0, max((row.step for row in losses), default=1))
    axes.set_xlabel("optimizer step")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    _name(axes, losses, top * 1.06)


def spread(wanted: Sequence[float], apart: float) -> list[float]:
    """Positions near the wanted ones, ascending order kept, at least `apart` from each other.

    >>> spread([3.0, 1.0], 0.5)
    [3.0, 1.0]
    >>> spread([1.0, 1.0], 0.5)
    [1.0, 1.5]
    """
    placed = list(wanted)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + apart)
    return placed


def _curve(axes: Axes, condition: str, rows: Sequence[LossRow]) -> None:
    if not rows:
        return
    thick = rows[0].split == "validation"
    axes.plot(
        [row.step for row in rows],
        [row.loss for row in rows],
        color=COLORS[condition],
        linestyle=DASHES[condition],
        linewidth=2.2 if thick else 0.9,
        marker="o" if thick else "",
        markerfacecolor=COLORS[condition] if IS_FILLED[condition] else PAPER,
        markersize=5,
        clip_on=False,
        zorder=3 if thick else 2,
    )


def _name(axes: Axes, losses: Sequence[LossRow], height: float) -> None:
    last = {row.condition: row for row in losses if row.split == "validation"}
    places = spread([row.loss for row in last.values()], APART * height)
    for (condition, row), place in zip(last.items(), places, strict=True):
        axes.annotate(
            f"{condition} {row.loss:.2f}",
            (row.step, place),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            color=COLORS[condition],
            annotation_clip=False,
        )
