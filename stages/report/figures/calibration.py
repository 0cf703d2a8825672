"""Draw the difference of every pair of trainings, and what stands over them."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from stages.common.calibration import CalibratedContrast, Calibration
from stages.common.look import FAINT, INK, PAPER, QUIET
from stages.common.phrases import many, shortened
from stages.report.comparing import what_is_compared
from stages.report.figures.drawing import Drawing, beside
from stages.report.figures.shares import LABEL, LINE, ON_LINE, WIDE, lines
from stages.report.inputs import Inputs
from stages.report.numbers import signed


def draw(inputs: Inputs) -> list[Drawing]:
    if isinstance(inputs.calibration, Calibration) and inputs.trainings.pairs:
        return [_differences(inputs.calibration, inputs)]
    return []


def _differences(calibration: Calibration, inputs: Inputs) -> Drawing:
    """A mark per pair of trainings, and the interval over them; what stands is filled."""
    about = calibration.contrasts
    figure, axes = lines(LINE * 1.3 * len(about), WIDE)
    axes.axvline(0, color=FAINT, zorder=0)
    for i, one in enumerate(about):
        _pairs(axes, one, inputs.trainings.differences(one.contrast), LINE * (0.65 + 1.3 * i))
    most = max(abs(end) for end in axes.get_xlim())
    axes.set_xlim(-most, most)
    caption = (
        "Difference b − a: augmented minus original, where the contrast compares these. A tick is one pair "
        "of trainings with the same random start, the diamond their mean, the line its "
        "[interval](calibration). Filled: what stands."
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
