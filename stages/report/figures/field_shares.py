"""Draw how often each arm writes the levels of one field: the datasets first, then the arms in pairs."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.common.comparison import condition_of, source_of
from stages.common.look import COLORS, FAINT, INK, QUIET, TINTS
from stages.common.phrases import many, shortened
from stages.common.records import CONDITIONS
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.format import ValidityRow
from stages.report.conversations import caption
from stages.report.figures.drawing import (
    LONGEST,
    NARROW,
    SMALL,
    WIDTH,
    Drawing,
    beside,
    color_of,
    does,
    mark_of,
    paired,
    panels,
    percent_axis,
)
from stages.report.figures.levels import Field, fields_of, shares_of_people
from stages.report.glossary import slug
from stages.report.inputs import Inputs
from stages.report.naming import arms_in_words

LINE, GAP = 0.19, 0.06
"""Inches that an arm takes, and between two writers."""
PER_LINE = {WIDTH: 4, NARROW: 2}
"""Levels side by side, by the width of the figure."""
FEW = 3
"""Arms that a title names; of more, it gives the number."""
ON_LINE = ("axes fraction", "data")


def draw(inputs: Inputs) -> list[Drawing]:
    """Draw one figure per field and prompt, the headline prompt first."""
    return [
        _drawing(field, prompt, inputs)
        for prompt in inputs.prompts_in_order
        for field in fields_of(prompt, inputs)
    ]


def _drawing(field: Field, prompt: str, inputs: Inputs) -> Drawing:
    title, finds = _finding(field, inputs)
    words = CAPTION.format(prompt=prompt, one_in=inputs.one_in) + caption(inputs, [prompt])
    if field.n_left_out:
        words += f" {many(field.n_left_out, 'rarer level')} more: metrics/plots/distributions.csv."
    wide, narrow = (_figure(field, prompt, inputs, width) for width in (WIDTH, NARROW))
    return Drawing(f"shares-{slug(field.name)}-{slug(prompt)}", wide, title, words, finds, narrow)


CAPTION = (
    "Prompt {prompt}. A mark is the [share of profiles with a valid value](distributions) that have the "
    "level, the tick beside it the share in the arm’s dataset. The shaded [null band](total_variation) is "
    "where a perfect copy of that dataset would fall with equally few profiles; up to 1 mark in {one_in} "
    "lies outside by chance alone. Marks outside are large."
)


def _finding(field: Field, inputs: Inputs) -> tuple[str, bool]:
    """The title, and whether any arm lies outside its null band."""
    banded = list(dict.fromkeys(row.arm for row in field.rows if row.band_low is not None))
    outside = list(dict.fromkeys(row.arm for row in field.rows if is_outside(row)))
    if not banded:
        return f"{field.name}: no arm has draws that chance could be judged by", False
    if not outside:
        none = f"none of {many(len(banded), 'arm')} strays"
        return f"{field.name}: {none} from its dataset in any level’s share, beyond chance", False
    who = arms_in_words(outside, banded, inputs)
    if len(outside) > FEW:
        who = f"{len(outside)} of {many(len(banded), 'arm')}"
    stray = "stray" if len(outside) > FEW else does(who, "strays", "stray")
    return f"{field.name}: {who} {stray} from the dataset in a level’s share, beyond chance", True


def is_outside(row: DistributionRow) -> bool:
    """Whether a share lies outside of what chance would make of the dataset's own."""
    if row.band_low is None or row.band_high is None:
        return False
    return not row.band_low <= round(row.share_generated, 12) <= row.band_high


def _figure(field: Field, prompt: str, inputs: Inputs, width: float) -> Figure:
    asked = {row.arm for row in inputs.tables[ValidityRow] if row.prompt == prompt}
    arms = paired([arm for arm in inputs.arms if arm in asked or any(row.arm == arm for row in field.rows)])
    places, height = _places(arms)
    columns = min(PER_LINE[width], len(field.shown))
    lines = -(-len(field.shown) // columns)
    room = {"left": 1.6, "right": 0.55} if width == WIDTH else {"left": 1.6, "right": 0.1}
    figure, grid = panels(
        lines, columns, row=height, top=0.25, bottom=0.28, between=0.48, width=width, gap=0.22, **room
    )
    inches = grid[0][0].get_position().width * width
    cells = [axes for line in grid for axes in line]
    for axes, level in zip(cells, field.shown, strict=False):
        _panel(axes, field, level, places, inputs, inches)
        axes.set_ylim(height, 0)
    for axes in cells[len(field.shown) :]:
        axes.set_visible(False)
    for line in grid:
        _names(line[0], places, inputs)
    if width == WIDTH:
        for axes in (line[-1] for line in grid):
            _counts(axes, field, places)
    return figure


def _places(arms: Sequence[str]) -> tuple[dict[str, float], float]:
    """The height of every row in inches from the top, those of the datasets by condition; and the whole."""
    rows: list[tuple[str, str]] = [("", one) for one in CONDITIONS] + [(source_of(arm), arm) for arm in arms]
    places, at, before = {}, LINE / 2, ""
    for writer, name in rows:
        at += GAP if writer != before else 0
        places[name], before = at, writer
        at += LINE
    return places, at - LINE / 2


def _panel(
    axes: Axes, field: Field, level: str, places: dict[str, float], inputs: Inputs, inches: float
) -> None:
    percent_axis(axes, (0, 0.5, 1) if inches > 1.6 else (0, 1))
    axes.set_yticks([])
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    for x in (0, 0.5, 1):
        axes.axvline(x, color=FAINT, linewidth=0.5, zorder=0)
    beside(axes, shortened(level, int(13 * inches) + 1), (0, 1), (0, 4), fontsize=8, weight="bold", color=INK)
    for condition, share in shares_of_people(field, level, inputs).items():
        axes.plot([share], [places[condition]], "|", color=COLORS[condition], markersize=9,
                  markeredgewidth=2, clip_on=False, zorder=3)  # fmt: skip
    for row in field.rows:
        if row.level == level and row.arm in places:
            _mark(axes, places[row.arm], row, inputs.base)


def _mark(axes: Axes, y: float, row: DistributionRow, base: str) -> None:
    if row.band_low is not None and row.band_high is not None:
        wide = max(row.band_high - row.band_low, 0.008)
        axes.barh(y, wide, LINE * 0.66, left=row.band_low, color=TINTS[condition_of(row.arm)], zorder=1)
    axes.plot([row.share_reference] * 2, [y - LINE * 0.33, y + LINE * 0.33], color=QUIET, linewidth=1,
              clip_on=False, zorder=2)  # fmt: skip
    size = 6.5 if is_outside(row) else 4
    axes.plot([row.share_generated], [y], markersize=size, clip_on=False, zorder=4, **mark_of(row.arm, base))


def _names(axes: Axes, places: dict[str, float], inputs: Inputs) -> None:
    near: dict[str, Any] = {"xycoords": ON_LINE, "ha": "right", "va": "center", "fontsize": 7.5}
    for name, y in places.items():
        is_data = name in CONDITIONS
        words = f"Dataset · {name}" if is_data else shortened(inputs.name(name), LONGEST)
        color = COLORS[name] if is_data else color_of(name)
        beside(axes, words, (0, y), (-8, 0), color=color, **near)


def _counts(axes: Axes, field: Field, places: dict[str, float]) -> None:
    near: dict[str, Any] = {"xycoords": ON_LINE, "va": "center", "fontsize": SMALL, "color": QUIET}
    n = {row.arm: row.n for row in field.rows}
    for arm, y in places.items():
        if arm not in CONDITIONS:
            beside(axes, f"n = {n.get(arm, 0)}", (1, y), (8, 0), **near)
