"""Draw how often each level is written, beside what chance would make of the dataset's own shares."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from stages.common.look import FAINT, INK, QUIET
from stages.common.phrases import shortened
from stages.common.tables.fidelity import DistributionRow, TotalVariationRow
from stages.report.conversations import caption
from stages.report.figures.drawing import (
    LABEL,
    WIDTH,
    Drawing,
    beside,
    color_of,
    condition_words,
    marker_of,
    panels,
    percent_axis,
)
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.lettering import drawable

LEVEL = 0.165
"""Inches that the row of a level takes."""
GAP = 0.3
"""Inches between two fields, for the name of the second."""
MOST_LEVELS = 12
"""Levels of a field; more would not be legible as a distribution."""
MOST_FIELDS = 24
"""Fields of a figure; more would not be legible on a page."""
BAND = "#c9c9c9"
PER_LINE, WIDE = 7, 5
"""Arms side by side; others follow below. With more than WIDE, names and axes are shortened."""


def draw(inputs: Inputs) -> list[Drawing]:
    """Draw one figure per prompt, the headline prompt first."""
    rows = inputs.tables[DistributionRow]
    return [
        _figure(inputs, prompt, of_prompt)
        for prompt in inputs.prompts_in_order
        if (of_prompt := [row for row in rows if row.prompt == prompt and row.arm in inputs.arms])
        and _levels(of_prompt)[0]
    ]


def _figure(inputs: Inputs, prompt: str, rows: Sequence[DistributionRow]) -> Drawing:
    arms = [arm for arm in inputs.arms if any(row.arm == arm for row in rows)]
    levels, left_out = _levels(rows)
    distances = [row for row in inputs.tables[TotalVariationRow] if row.prompt == prompt]
    levels, n_near = _furthest(levels, distances, inputs.protected)
    lines = -(-len(arms) // PER_LINE)
    columns = -(-len(arms) // lines)
    figure, grid = panels(
        lines,
        columns,
        row=LEVEL * len(_places(levels)) + GAP * len(levels) - 0.2,
        top=0.75,
        bottom=0.35,
        between=1.0,
        width=max(WIDTH, LABEL + 1.0 * columns),
    )
    places = [axes for line in grid for axes in line]
    for axes, arm in zip(places, arms, strict=False):
        of_arm = {(row.variable, row.level): row for row in rows if row.arm == arm}
        _column(axes, levels, of_arm, inputs)
        _head(axes, arm, of_arm, narrow=columns > WIDE)
    for axes in places[len(arms) :]:
        axes.set_visible(False)
    for line in grid:
        _names(line[0], levels)
    title = f"Shares of levels under the prompt {prompt}, of {len(arms)} arms and {len(levels)} fields"
    words = CAPTION.format(prompt=prompt, one_in=inputs.one_in) + caption(inputs, [prompt])
    if n_near:
        words += (
            f" Of {n_near + len(levels)} fields, the figure shows the protected ones and those furthest from "
            "the dataset; the others are in metrics/plots/distributions.csv."
        )
    if left_out:
        words += f" Not drawn, because of more than {MOST_LEVELS} levels: {', '.join(left_out)}."
    return Drawing(f"distributions-{slug(prompt)}", figure, title, words)


CAPTION = (
    "Prompt {prompt}. A mark is the [share of profiles with a valid value](distributions) that have a "
    "level. The vertical tick is the share among the people with whom the arm is compared. The shaded "
    "[null band](total_variation) is where a perfect copy of these people would fall with equally few "
    "profiles. Black edges mark a share outside the band; up to 1 mark in {one_in} lies there by chance "
    "alone."
)


def _levels(rows: Sequence[DistributionRow]) -> tuple[dict[str, list[str]], list[str]]:
    """Levels of the fields that have at most MOST_LEVELS, in the order of the rows; and the other fields."""
    levels: dict[str, list[str]] = {}
    for row in rows:
        names = levels.setdefault(row.variable, [])
        if row.level not in names:
            names.append(row.level)
    short = {field: names for field, names in levels.items() if len(names) <= MOST_LEVELS}
    return short, [field for field in levels if field not in short]


def _furthest(
    levels: dict[str, list[str]], rows: Sequence[TotalVariationRow], protected: Sequence[str]
) -> tuple[dict[str, list[str]], int]:
    """The MOST_FIELDS fields that are protected or furthest from the dataset; the number of the others."""
    distances = dict.fromkeys(levels, 0.0)
    for row in rows:
        distances[row.field] = max(distances.get(row.field, 0.0), row.tv)
    order = sorted(levels, key=lambda field: (field not in protected, -distances[field]))
    kept = {*order[:MOST_FIELDS]}
    return {field: names for field, names in levels.items() if field in kept}, len(levels) - len(kept)


def _places(levels: dict[str, list[str]]) -> dict[tuple[str, str], float]:
    """The place of every level, in inches from the top."""
    places, at = {}, 0.0
    for field, names in levels.items():
        for i, name in enumerate(names):
            places[field, name] = at + LEVEL * (i + 0.5) + 0.05
        at += LEVEL * len(names) + GAP
    return places


def _column(
    axes: Axes,
    levels: dict[str, list[str]],
    rows: dict[tuple[str, str], DistributionRow],
    inputs: Inputs,
) -> None:
    places = _places(levels)
    axes.set_ylim(max(places.values()) + LEVEL, 0)
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    percent_axis(axes)
    axes.tick_params(length=0, labelsize=7)
    for x in (0, 0.5, 1):
        axes.axvline(x, color=FAINT, linewidth=0.5, zorder=0)
    for key, row in rows.items():
        if key in places:
            _mark(axes, places[key], row, inputs)


def _head(axes: Axes, arm: str, rows: dict[tuple[str, str], DistributionRow], *, narrow: bool) -> None:
    sizes = sorted({row.n for row in rows.values()})
    n = "–".join(dict.fromkeys((f"{sizes[0]}", f"{sizes[-1]}"))) if sizes else "0"
    source = arm.rpartition("/")[0]
    axes.text(0, -0.5, drawable(shortened(source, 14 if narrow else 17)), fontsize=7, va="bottom")
    axes.text(0, -0.34, condition_words(arm), fontsize=7, va="bottom", color=color_of(arm))
    axes.text(0, -0.19, f"n = {n}", fontsize=6.5, va="bottom", color=QUIET)
    if narrow:
        percent_axis(axes, (0, 1))
        axes.tick_params(length=0, labelsize=7)


def _mark(axes: Axes, y: float, row: DistributionRow, inputs: Inputs) -> None:
    arm, outside = row.arm, False
    if row.band_low is not None and row.band_high is not None:
        low, high = row.band_low, row.band_high
        outside = not low <= round(row.share_generated, 12) <= high
        axes.barh(y, max(high - low, 0.008), LEVEL * 0.72, left=low, color=BAND, linewidth=0, zorder=1)
    tick = [y - LEVEL * 0.36, y + LEVEL * 0.36]
    axes.plot([row.share_reference] * 2, tick, color=INK, linewidth=1, zorder=2, clip_on=False)
    axes.plot(
        [row.share_generated],
        [y],
        marker_of(arm, inputs.arms),
        color=color_of(arm),
        markersize=4.6,
        clip_on=False,
        zorder=4,
        markeredgecolor=INK if outside else "white",
        markeredgewidth=1.1 if outside else 0.5,
    )


def _names(axes: Axes, levels: dict[str, list[str]]) -> None:
    near: dict[str, Any] = {
        "shift": (-8, 0),
        "xycoords": ("axes fraction", "data"),
        "ha": "right",
        "va": "center",
    }
    places = _places(levels)
    for field, names in levels.items():
        top = places[field, names[0]] - LEVEL
        beside(axes, shortened(field, 24), (0, top), fontsize=8, weight="bold", **near)
        for name in names:
            at = 0, places[field, name]
            beside(axes, shortened(name, 24), at, fontsize=7, color=QUIET, **near)
