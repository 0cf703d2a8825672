"""Draw what became of every draw, and how many profiles fit the schema."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from stages.common.look import INK, QUIET, VERDICT_COLORS
from stages.common.phrases import many, shortened
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.report.conversations import caption
from stages.report.figures.drawing import (
    NARROW,
    SMALL,
    WIDTH,
    Drawing,
    does,
    name_arms,
    paired,
    panels,
    percent_axis,
)
from stages.report.inputs import Inputs
from stages.report.lettering import drawable
from stages.report.naming import arms_in_words

ROW = 0.24
MOST_COLUMNS = 3
"""Prompts side by side; others follow below."""
HATCHES = ("", "", "///", "", "xxx", "...")
"""Hatches by verdict: color or hatch alone tells them apart."""


def draw(inputs: Inputs) -> list[Drawing]:
    wide, narrow = _figure(inputs, WIDTH), _figure(inputs, NARROW)
    words = CAPTION + caption(inputs, inputs.prompts_in_order)
    return [Drawing("funnel", wide, _finding(inputs), words, narrow=narrow)]


CAPTION = (
    "Each bar shows all draws of an arm under a prompt by [verdict](funnel). The black mark is the share "
    "whose profile [fits the schema](validity), with its interval, which is wide where the draws are few."
)


def _figure(inputs: Inputs, width: float) -> Figure:
    """Prompts side by side at 16 cm, below each other at 8 cm."""
    arms, prompts = paired(inputs.arms), inputs.prompts_in_order
    columns = min(len(prompts), MOST_COLUMNS) if width == WIDTH else 1
    legend = 6 if width == WIDTH else 2
    bottom = 0.35 + 0.2 * -(-len(VERDICT_COLORS) // legend)
    figure, grid = panels(
        -(-len(prompts) // columns), columns, row=ROW * len(arms), bottom=bottom, top=0.3, width=width,
        between=0.55,
    )  # fmt: skip
    cells = [axes for line in grid for axes in line]
    for axes, prompt in zip(cells, prompts, strict=False):
        _panel(axes, inputs, prompt, arms)
    for axes in cells[len(prompts) :]:
        axes.set_visible(False)
    for line in grid:
        name_arms(line[0], arms, inputs.base)
    shown = [Patch(facecolor=c, hatch=h, edgecolor="white", label=one) for one, c, h in _looks()]
    figure.legend(
        handles=shown, loc="lower center", ncols=legend, frameon=False, fontsize=7, handlelength=1.2,
        columnspacing=1.2, handletextpad=0.5, borderaxespad=0.1,
    )  # fmt: skip
    return figure


def _panel(axes: Axes, inputs: Inputs, prompt: str, arms: Sequence[str]) -> None:
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for step in inputs.tables[FunnelRow]:
        if step.prompt == prompt:
            shares[step.arm][step.step] = step.rate.rate
    for row, arm in enumerate(arms):
        _bar(axes, row, shares.get(arm, {}))
        if arm not in shares:
            axes.text(0.02, row, "not asked", va="center", fontsize=SMALL, color=QUIET)
    for valid in inputs.tables[ValidityRow]:
        if valid.prompt == prompt and valid.arm in arms:
            row = arms.index(valid.arm)
            axes.plot([valid.rate.low, valid.rate.high], [row, row], color="white", linewidth=3.2, zorder=4)
            axes.plot([valid.rate.low, valid.rate.high], [row, row], color=INK, linewidth=1.2, zorder=5)
            axes.plot(
                [valid.rate.rate],
                [row],
                "D",
                color=INK,
                markersize=4,
                markeredgecolor="white",
                zorder=6,
                clip_on=False,
            )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(arms) - 0.45, -0.55)
    percent_axis(axes)
    axes.set_title(drawable(shortened(prompt, 24)), loc="left", fontsize=8, pad=5)


def _bar(axes: Axes, row: int, shares: dict[str, float]) -> None:
    left = 0.0
    for verdict, color, hatch in _looks():
        share = shares.get(verdict, 0.0)
        axes.barh(
            row, share, 0.62, left=left, color=color, hatch=hatch, edgecolor="white", linewidth=0.4, zorder=2
        )
        left += share


def _looks() -> Iterator[tuple[str, str, str]]:
    """Verdict, color and hatch."""
    for (verdict, color), hatch in zip(VERDICT_COLORS.items(), HATCHES, strict=True):
        yield verdict, color, hatch


def _finding(inputs: Inputs) -> str:
    """The arms whose draws fit the schema most and least often, over all prompts."""
    counts: dict[str, tuple[int, int]] = {}
    for row in inputs.tables[ValidityRow]:
        n_valid, n = counts.get(row.arm, (0, 0))
        counts[row.arm] = n_valid + row.n_valid, n + row.n
    if not counts:
        return "No arm was asked"
    shares = {arm: n_valid / n for arm, (n_valid, n) in counts.items()}
    most, least = ([arm for arm in shares if shares[arm] == end(shares.values())] for end in (max, min))
    if most == least:
        return f"Every arm fits the schema equally often: {_of(counts, most)}"
    best, worst = (arms_in_words(arms, [*shares], inputs) for arms in (most, least))
    return (
        f"{best} {does(best, 'fits', 'fit')} the schema most often ({_of(counts, most)}), "
        f"{worst} least often ({_of(counts, least)})"
    )


def _of(counts: dict[str, tuple[int, int]], arms: Sequence[str]) -> str:
    """Draws that fit, and all: of several arms with the same numbers "each", else of all together."""
    alike = len({counts[arm] for arm in arms}) == 1
    meant = arms[:1] if alike else arms
    n_valid, n = (sum(counts[arm][i] for arm in meant) for i in (0, 1))
    return f"{n_valid} of {many(n, 'draw')}{' each' * (alike and len(arms) > 1)}"
