"""Draw the declared contrasts: what was found, what chance would give, and what could have been found."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stages.common.look import BAND, FAINT, INK, QUIET
from stages.common.phrases import many, shortened
from stages.common.tables.contrasts import ContrastRow, MinimumEffectRow
from stages.report.comparing import what
from stages.report.figures.drawing import NARROW, SMALL, WIDTH, Drawing, beside
from stages.report.inputs import Inputs
from stages.report.numbers import p_value, signed

ROW = 0.52
LEFT, RIGHT = 2.55, 1.05
"""Inches for the names of contrasts, and for their p-values."""


def draw(inputs: Inputs) -> list[Drawing]:
    """Draw the declared contrasts of rates: these share an axis."""
    rows = [
        row
        for row in inputs.tables[ContrastRow]
        if row.kind == "declared" and row.statistic not in ("mean", "association")
    ]
    if not rows:
        return []
    wide, narrow = (_figure(rows, inputs, width) for width in (WIDTH, NARROW))
    return [Drawing("contrasts", wide, *_finding(rows, inputs), narrow)]


def _figure(rows: Sequence[ContrastRow], inputs: Inputs, width: float) -> Figure:
    """The names stand beside the marks at 16 cm, above them at 8 cm."""
    is_wide = width == WIDTH
    left, right, line = (LEFT, RIGHT, ROW) if is_wide else (0.1, 1.0, 0.75)
    bottom = 0.62 if is_wide else 0.95
    height = bottom + 0.1 + line * len(rows)
    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes(
        (left / width, bottom / height, (width - left - right) / width, line * len(rows) / height)
    )
    _frame(axes, rows, inputs)
    if not is_wide:
        axes.set_ylim(len(rows) - 0.5, -0.85)
    for place, row in enumerate(rows):
        _row(axes, place, row, inputs)
        _names(axes, place, row, inputs, beside_marks=is_wide)
    figure.legend(
        handles=_legend(bool(inputs.tables[MinimumEffectRow])),
        loc="lower left",
        ncols=3 if is_wide else 1,
        frameon=False,
        fontsize=7,
        columnspacing=1,
        handletextpad=0.5,
    )
    return figure


CAPTION = (
    "The declared [contrasts](contrasts). The mark is arm b minus arm a, and the line is its interval. "
    "The shaded null band is where the difference falls if the arms’ names mean nothing. The open arrow "
    "is the smallest true difference that so few draws [would find](minimum_effects) with the requested "
    "power, in the direction in which a smaller one suffices. One nearer to 0 is found "
    "less often. p is corrected for all declared contrasts (Holm)."
)


def _finding(rows: Sequence[ContrastRow], inputs: Inputs) -> tuple[str, str, bool]:
    """The title, the caption, and whether any contrast was found."""
    beyond = [row for row in rows if row.p_adjusted <= inputs.alpha]
    if not beyond:
        return f"None of {many(len(rows), 'declared contrast')} differs beyond chance", CAPTION, False
    largest = round(max(abs(row.difference) for row in beyond), 9)
    most = [
        f"{what(row)}, by {signed(row.difference)}"
        for row in beyond
        if round(abs(row.difference), 9) == largest
    ]
    return f"Most different: {'; '.join(most)}", CAPTION, True


def _frame(axes: Axes, rows: Sequence[ContrastRow], inputs: Inputs) -> None:
    reach = [
        abs(x)
        for row in rows
        for x in (
            row.difference,
            row.low or 0,
            row.high or 0,
            row.band_low,
            row.band_high,
            *_least(row, inputs),
        )
    ]
    widest = min(1.0, max(reach) * 1.08)
    axes.set_xlim(-widest, widest)
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=7)
    axes.xaxis.set_major_formatter(lambda x, _: signed(x) if round(x, 9) else "0")
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=0)


def _row(axes: Axes, place: int, row: ContrastRow, inputs: Inputs) -> None:
    axes.barh(place, row.band_high - row.band_low, 0.36, left=row.band_low, color=BAND, linewidth=0, zorder=1)
    for end in _least(row, inputs):
        mark = ">" if end > 0 else "<"
        axes.plot([end], [place], mark, color=QUIET, markerfacecolor="white", markersize=5, zorder=2)
    if row.low is not None and row.high is not None:
        axes.plot([row.low, row.high], [place, place], color=INK, linewidth=1, zorder=3, clip_on=False)
    axes.plot(
        [row.difference],
        [place],
        "D" if row.primary else "o",
        color=INK,
        markersize=6,
        zorder=4,
        markerfacecolor=INK if row.p_adjusted <= inputs.alpha else "white",
        clip_on=False,
    )
    _words(axes, place, row)


def _least(row: ContrastRow, inputs: Inputs) -> list[float]:
    """The smallest differences that could be found: none, one, or one on each side of 0."""
    least = inputs.minimum_effect(row.contrast)
    if least is None:
        return []
    return [least.minimum_effect, *([-least.minimum_effect] if row.is_symmetric else [])]


def _names(axes: Axes, place: int, row: ContrastRow, inputs: Inputs, *, beside_marks: bool) -> None:
    words = shortened(f"{'primary: ' if row.primary else ''}{what(row)}", 38)
    arms = f"{shortened(inputs.name(row.arm_b), 24)} − {shortened(inputs.name(row.arm_a), 24)}"
    near: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "ha": "right" if beside_marks else "left"}
    if beside_marks:
        beside(axes, words, (0, place), (-10, 1), va="bottom", fontsize=8, **near)
        beside(axes, arms, (0, place), (-10, -1), va="top", fontsize=SMALL, color=QUIET, **near)
    else:
        beside(axes, words, (0, place), (0, 25), va="center", fontsize=8, **near)
        beside(axes, arms, (0, place), (0, 16), va="center", fontsize=SMALL, color=QUIET, **near)


def _words(axes: Axes, place: int, row: ContrastRow) -> None:
    near: dict[str, Any] = {"at": (1, place), "xycoords": ("axes fraction", "data"), "ha": "left"}
    found = f"{signed(row.difference)}  p {p_value(row.p_adjusted)}"
    beside(axes, found, shift=(10, 1), va="bottom", fontsize=8, **near)
    n = f"n = {row.n_a} and {row.n_b}"
    beside(axes, n, shift=(10, -1), va="top", fontsize=SMALL, color=QUIET, **near)


def _legend(least: bool) -> list[Patch | Line2D]:
    found: list[Patch | Line2D] = [Patch(color=BAND, label="null band")]
    if least:
        found.append(
            Line2D(
                [],
                [],
                color=QUIET,
                marker=">",
                markerfacecolor="white",
                linewidth=0,
                label="smallest found with the requested power",
            )
        )
    found.append(Line2D([], [], color=INK, marker="o", linewidth=0, label="filled: beyond chance"))
    return found
