"""Draw every arm as a point: how far from the dataset, and how varied."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.common.comparison import condition_of
from stages.common.look import TINTS
from stages.common.phrases import many, shortened
from stages.common.tables.totals import MeanVariationRow
from stages.report.conversations import caption
from stages.report.figures.drawing import LONGEST, NARROW, WIDTH, Drawing, color_of, does, mark_of, paired
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.joined import Varied, varieties
from stages.report.lettering import drawable
from stages.report.naming import arms_in_words

MEASURE = "mean_distance"
LINE = 0.19
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
    return [_drawing(prompt, of_prompt, inputs) for prompt, of_prompt in found.items() if len(of_prompt) > 1]


def points(inputs: Inputs, prompt: str) -> list[Point]:
    """One point for each arm that has both measures."""
    variety = {
        one.row.arm: one
        for one in varieties(inputs.tables)
        if (one.row.prompt, one.row.measure) == (prompt, MEASURE)
    }
    distance = {row.arm: row for row in inputs.tables[MeanVariationRow] if row.prompt == prompt}
    return [
        _point(distance[arm], variety[arm])
        for arm in paired(inputs.arms)
        if arm in distance and arm in variety
    ]


def _point(distance: MeanVariationRow, varied: Varied) -> Point:
    value = varied.row.value
    interval, band = _ends(varied.interval, value), _ends(varied.band.ends, value)
    ends = _ends((distance.low, distance.high), distance.tv)
    low, high = distance.band_low, distance.band_high
    copy = None if low is None or high is None else (low, high)
    return Point(distance.arm, varied.row.n, (distance.tv, *ends), (value, *interval), copy, band)


def _drawing(prompt: str, found: Sequence[Point], inputs: Inputs) -> Drawing:
    title, finds = _finding(found, inputs)
    words = CAPTION.format(prompt=prompt) + caption(inputs, [prompt])
    wide, narrow = (_figure(found, inputs, width) for width in (WIDTH, NARROW))
    return Drawing(f"fidelity-diversity-{slug(prompt)}", wide, title, words, finds, narrow)


def _finding(found: Sequence[Point], inputs: Inputs) -> tuple[str, bool]:
    """The title, and whether any arm lies where chance does not put a copy of its dataset."""
    banded = [point.arm for point in found if point.copy_distance]
    far = [p.arm for p in found if p.copy_distance and p.distance[0] > p.copy_distance[1]]
    alike = [p.arm for p in found if p.copy_distance and p.variety[0] < p.copy_variety[0]]
    named = [(arms_in_words(arms, banded, inputs), words) for arms, words in ((far, FAR), (alike, ALIKE))]
    told = [f"{who} {does(who, *words)}" for who, words in named if who]
    if told:
        return f"{'; '.join(told)} than a copy of the dataset might by chance", True
    return (
        f"None of {many(len(found), 'arm')} is further from its dataset or less varied than by chance",
        False,
    )


FAR = ("is further away", "are further away")
ALIKE = ("repeats itself more", "repeat themselves more")


def _figure(found: Sequence[Point], inputs: Inputs, width: float) -> Figure:
    """The legend stands beside the axes at 16 cm, below them at 8 cm."""
    is_wide = width == WIDTH
    below = 0.5 if is_wide else 0.55 + LINE * len(found)
    tall = max(2.9, LINE * len(found)) if is_wide else 2.3
    height = 0.1 + tall + below
    across = 3.7 if is_wide else width - 0.6
    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((0.5 / width, below / height, across / width, tall / height))
    for point in found:
        _mark(axes, point, inputs)
    axes.set_xlim(0, None)
    axes.set_xlabel("distance from the dataset", fontsize=8)
    axes.set_ylabel("variety", fontsize=8)
    axes.tick_params(labelsize=7)
    place = (4.3 / width, 1 - 0.1 / height) if is_wide else (0.3 / width, (0.05 + LINE * len(found)) / height)
    figure.legend(loc="upper left", bbox_to_anchor=place, frameon=False, fontsize=7, labelspacing=0.6,
                  handletextpad=0.4, borderaxespad=0, borderpad=0)  # fmt: skip
    return figure


CAPTION = (
    "Prompt {prompt}. Further left is closer to the dataset ([total variation](total_variation), mean "
    "over protected fields). Further up, the profiles differ more from each other ([mean "
    "distance](variety)). The lines show the uncertainty of each arm. The pale boxes are the null bands: "
    "where perfect copies of each dataset fall with equally few profiles. Numbers behind names count "
    "profiles. An arm at the lower left would "
    "be faithful but repeat itself; one at the upper right would invent."
)


def _mark(axes: Axes, point: Point, inputs: Inputs) -> None:
    color = color_of(point.arm)
    (x, *across), (y, *up) = point.distance, point.variety
    if point.copy_distance is not None:
        _box(axes, point.copy_distance, point.copy_variety, point.arm)
    axes.plot(across, [y, y], color=color, linewidth=1.1, zorder=3)
    axes.plot([x, x], up, color=color, linewidth=1.1, zorder=3)
    label = f"{drawable(shortened(inputs.name(point.arm), LONGEST))}, {point.n}"
    axes.plot([x], [y], markersize=7, zorder=4, label=label, **mark_of(point.arm, inputs.base))


def _box(axes: Axes, across: tuple[float, float], up: tuple[float, float], arm: str) -> None:
    axes.bar(
        across[0],
        up[1] - up[0],
        across[1] - across[0],
        bottom=up[0],
        align="edge",
        color=TINTS[condition_of(arm)],
        alpha=0.45,
        linewidth=0.6,
        edgecolor=color_of(arm),
        linestyle=(0, (2, 2)),
        zorder=1,
    )


def _ends(ends: tuple[float | None, float | None], value: float) -> tuple[float, float]:
    return _or(ends[0], value), _or(ends[1], value)


def _or(end: float | None, value: float) -> float:
    return value if end is None else end
