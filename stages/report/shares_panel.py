"""Draw the right half of the overview: one share, arm by arm, with what chance would give."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter
from matplotlib.transforms import blended_transform_factory

from stages.common.look import COLORS, INK, IS_FILLED, PAPER, QUIET, TINTS
from stages.common.phrases import shortened
from stages.report.lettering import drawable
from stages.report.shares import ArmShare, Focus

LONGEST = 23
"""Characters of a source that fit beside the axis."""
NEAR = 0.42
"""Shares of the datasets that are closer than this have their labels stacked."""
RAISED = 0.2
"""Inches by which the upper one of two stacked labels stands above the axes."""


def draw_shares(axes: Axes, shares: Sequence[ArmShare], focus: Focus) -> None:
    """Draw a dot per arm, its null band shaded, and the shares of the datasets as lines."""
    _frame(axes, len(shares))
    _references(axes, focus)
    for row, share in enumerate(shares):
        _label(axes, row, share)
        if share.share is None:
            words = "not computed" if share.n else "no readable profile"
            box = {"facecolor": "white", "linewidth": 0, "pad": 2}
            axes.text(0.02, row, words, va="center", color=QUIET, style="italic", zorder=4, bbox=box)
        else:
            _dot(axes, row, share, share.share)


def _frame(axes: Axes, n_arms: int) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(n_arms - 0.45, -0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))


def _references(axes: Axes, focus: Focus) -> None:
    across = blended_transform_factory(axes.transData, axes.transAxes)
    inch = 1 / (axes.get_position().height * axes.get_figure(root=True).get_figheight())  # type: ignore[union-attr]
    stacked = abs(focus.shares["original"] - focus.shares["augmented"]) < NEAR
    for condition, share in focus.shares.items():
        top = 1 + inch * (RAISED if stacked and condition == "original" else 0.04)
        color = COLORS[condition]
        dotted: dict[str, Any] = {"linewidth": 1, "linestyle": (0, (1, 2)), "zorder": 2}
        axes.plot([share, share], [0, top], transform=across, color=color, clip_on=False, **dotted)
        align = "left" if share < 0.15 else "right" if share > 0.85 else "center"
        words = f"{condition} data {share:.0%}".replace("%", " %")
        place, box = top + 0.03 * inch, {"facecolor": "white", "linewidth": 0, "pad": 0.5}
        axes.text(share, place, words, transform=across, ha=align, fontsize=8, color=color, bbox=box)


def _label(axes: Axes, row: int, share: ArmShare) -> None:
    source, _, condition = share.arm.rpartition("/")
    left = blended_transform_factory(axes.transAxes, axes.transData)
    name = axes.text(
        -0.05, row - 0.03, drawable(shortened(source, LONGEST)), transform=left, ha="right", va="bottom"
    )
    name.set_gid("arm:" + "_".join(share.arm.split()))
    words = "no data shown" if condition == "none" else condition
    axes.text(-0.05, row + 0.05, words, transform=left, ha="right", va="top", fontsize=8,
              color=COLORS.get(condition, QUIET))  # fmt: skip


def _dot(axes: Axes, row: int, share: ArmShare, value: float) -> None:
    condition = share.condition if share.condition in COLORS else "none"
    if share.low is not None and share.high is not None:
        width = share.high - share.low
        axes.barh(row, width, 0.5, left=share.low, color=TINTS[condition], linewidth=0, zorder=1)
    axes.plot([value], [row], "o", markersize=7, color=COLORS[condition],
              markerfacecolor=COLORS[condition] if IS_FILLED[condition] else PAPER,
              clip_on=False, zorder=4)  # fmt: skip
    right = blended_transform_factory(axes.transAxes, axes.transData)
    axes.text(1.05, row, f"{share.n_with_level} of {share.n}", transform=right, va="center", color=INK)
