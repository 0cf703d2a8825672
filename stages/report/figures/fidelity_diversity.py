"""Draw every arm as a point: how far from the dataset, and how varied."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.common.look import TINTS
from stages.common.phrases import shortened
from stages.common.tables.totals import MeanVariationRow
from stages.report.conversations import caption
from stages.report.figures.drawing import Drawing, color_of, condition_words, marker_of
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.joined import Varied, varieties
from stages.report.lettering import drawable
from stages.report.numbers import rounded

MEASURE = "mean_distance"
LINE = 0.4
"""Inches that an arm takes in the legend."""


@dataclass(frozen=True)
class Point:
    """An arm under a prompt; a triple is a value and the ends of its uncertainty."""

    arm: str
    n: int
    distance: tuple[float, float, float]
    variety: tuple[float, float, float]
    copy_distance: tuple[float, float] | None
    """Where a perfect copy of its dataset lies; None where draws are not independent."""
    copy_variety: tuple[float, float]


def draw(inputs: Inputs) -> list[Drawing]:
    """Draw one figure per prompt under which two arms or more can be placed."""
    found = {prompt: points(inputs, prompt) for prompt in inputs.prompts_in_order}
    return [_figure(prompt, of_prompt, inputs) for prompt, of_prompt in found.items() if len(of_prompt) > 1]


def points(inputs: Inputs, prompt: str) -> list[Point]:
    """One point for each arm that has both measures."""
    variety = {
        one.row.arm: one
        for one in varieties(inputs.tables)
        if (one.row.prompt, one.row.measure) == (prompt, MEASURE)
    }
    distance = {row.arm: row for row in inputs.tables[MeanVariationRow] if row.prompt == prompt}
    return [_point(distance[arm], variety[arm]) for arm in inputs.arms if arm in distance and arm in variety]


def _point(distance: MeanVariationRow, varied: Varied) -> Point:
    value = varied.row.value
    interval, band = _ends(varied.interval, value), _ends(varied.band.ends, value)
    ends = _ends((distance.low, distance.high), distance.tv)
    low, high = distance.band_low, distance.band_high
    copy = None if low is None or high is None else (low, high)
    return Point(distance.arm, varied.row.n, (distance.tv, *ends), (value, *interval), copy, band)


def _figure(prompt: str, found: Sequence[Point], inputs: Inputs) -> Drawing:
    figure = Figure(figsize=(6.4, max(4.3, 0.6 + LINE * len(found))), facecolor="white")
    axes = figure.add_axes((0.11, 0.13, 0.6, 0.8))
    for point in found:
        _mark(axes, point, inputs.arms)
    axes.set_xlim(0, None)
    axes.set_xlabel("distance from the dataset (mean total variation of protected fields)", fontsize=8)
    axes.set_ylabel("variety (mean distance of two profiles)", fontsize=8)
    axes.tick_params(labelsize=7)
    figure.legend(
        loc="center left",
        bbox_to_anchor=(0.72, 0.53),
        frameon=False,
        fontsize=7.5,
        labelspacing=1.1,
        handletextpad=0.6,
    )
    told = "; ".join(
        f"{p.arm}: distance {rounded(p.distance[0])}, variety {rounded(p.variety[0])}" for p in found
    )
    return Drawing(
        f"fidelity-diversity-{slug(prompt)}",
        figure,
        f"Fidelity against diversity, prompt {prompt}: {told}",
        CAPTION.format(prompt=prompt) + caption(inputs, [prompt]),
    )


CAPTION = (
    "Prompt {prompt}. Further left is closer to the dataset ([total variation](total_variation), mean "
    "over protected fields). Further up, the profiles differ more from each other ([mean "
    "distance](variety)). The lines show the uncertainty of each arm. The pale boxes are the null bands: "
    "where perfect copies of each dataset fall with equally few profiles. An arm at the lower left would "
    "be faithful but repeat itself; one at the upper right would invent."
)


def _mark(axes: Axes, point: Point, arms: Sequence[str]) -> None:
    color = color_of(point.arm)
    (x, *across), (y, *up) = point.distance, point.variety
    if point.copy_distance is not None:
        _box(axes, point.copy_distance, point.copy_variety, point.arm)
    axes.plot(across, [y, y], color=color, linewidth=1.1, zorder=3)
    axes.plot([x, x], up, color=color, linewidth=1.1, zorder=3)
    source = drawable(shortened(point.arm.rpartition("/")[0], 22))
    label = f"{source}\n{condition_words(point.arm)}, n = {point.n}"
    axes.plot(
        [x],
        [y],
        marker_of(point.arm, arms),
        color=color,
        markersize=8,
        markeredgecolor="white",
        zorder=4,
        label=label,
    )


def _box(axes: Axes, across: tuple[float, float], up: tuple[float, float], arm: str) -> None:
    axes.bar(
        across[0],
        up[1] - up[0],
        across[1] - across[0],
        bottom=up[0],
        align="edge",
        color=TINTS[_tint(arm)],
        alpha=0.45,
        linewidth=0.6,
        edgecolor=color_of(arm),
        linestyle=(0, (2, 2)),
        zorder=1,
    )


def _tint(arm: str) -> str:
    condition = arm.rpartition("/")[2]
    return condition if condition in TINTS else "none"


def _ends(ends: tuple[float | None, float | None], value: float) -> tuple[float, float]:
    return _or(ends[0], value), _or(ends[1], value)


def _or(end: float | None, value: float) -> float:
    return value if end is None else end
