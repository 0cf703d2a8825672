"""Draw what became of every draw, and how many profiles fit the schema."""

from collections import defaultdict
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from stages.common.look import INK, VERDICT_COLORS
from stages.common.phrases import shortened
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.report.conversations import caption
from stages.report.figures.drawing import Drawing, name_arms, panels, percent_axis
from stages.report.inputs import Inputs
from stages.report.lettering import drawable

ROW = 0.42
HATCHES = ("", "", "///", "", "xxx", "...")
"""Hatches by verdict: color or hatch alone tells them apart."""


def draw(inputs: Inputs) -> list[Drawing]:
    arms, prompts = inputs.arms, [prompt.id for prompt in inputs.prompts]
    figure, ((*axes,),) = panels(1, len(prompts), row=ROW * len(arms), bottom=0.75, top=0.35)
    for panel, prompt in zip(axes, prompts, strict=True):
        _panel(panel, inputs, prompt)
    name_arms(axes[0], arms)
    shown = [Patch(facecolor=c, hatch=h, edgecolor="white", label=one) for one, c, h in _looks()]
    figure.legend(
        handles=shown, loc="lower center", ncols=len(shown), frameon=False, fontsize=7.5, handlelength=1.6
    )
    return [Drawing("funnel", figure, _title(inputs), CAPTION + caption(inputs, prompts))]


CAPTION = (
    "Each bar shows all draws of an arm under a prompt by [verdict](funnel). The black mark is the share "
    "whose profile [fits the schema](validity), with its interval, which is wide where the draws are few."
)


def _panel(axes: Axes, inputs: Inputs, prompt: str) -> None:
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for step in inputs.tables[FunnelRow]:
        if step.prompt == prompt:
            shares[step.arm][step.step] = step.rate.rate
    for row, arm in enumerate(inputs.arms):
        _bar(axes, row, shares.get(arm, {}))
    for valid in inputs.tables[ValidityRow]:
        if valid.prompt == prompt and valid.arm in inputs.arms:
            row = inputs.arms.index(valid.arm)
            axes.plot([valid.rate.low, valid.rate.high], [row, row], color="white", linewidth=3.2, zorder=4)
            axes.plot([valid.rate.low, valid.rate.high], [row, row], color=INK, linewidth=1.2, zorder=5)
            axes.plot(
                [valid.rate.rate],
                [row],
                "D",
                color=INK,
                markersize=5,
                markeredgecolor="white",
                zorder=6,
                clip_on=False,
            )
    name_arms(axes, [])
    axes.set_ylim(len(inputs.arms) - 0.45, -0.55)
    percent_axis(axes)
    axes.set_title(drawable(shortened(prompt, 34)), loc="left", fontsize=8.5, pad=5)


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


def _title(inputs: Inputs) -> str:
    rows = [f"{row.arm}, {row.prompt}: {row.n_valid} of {row.n}" for row in inputs.tables[ValidityRow]]
    return f"Verdict on every draw, and draws that fit the schema: {'; '.join(rows)}"
