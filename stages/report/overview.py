"""Draw the picture at the top of README: what training did, and what the arms then wrote."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.style import context

from stages.common.look import QUIET
from stages.common.phrases import shortened
from stages.common.tables.learning import LossRow
from stages.report.caveats import trained_pairs
from stages.report.conversations import hanging
from stages.report.inputs import Inputs
from stages.report.lettering import drawable, start_numbers
from stages.report.loading import texts_of
from stages.report.loss_panel import draw_losses
from stages.report.shares import arm_shares, focus_of
from stages.report.shares_panel import draw_shares
from stages.report.style import style_for, svg_text

WIDTH, LEAST_HEIGHT = 10.0, 4.2
TOP, BOTTOM = 1.15, 0.65
"""Inches above and below the axes."""
ROW = 0.4
"""Inches that an arm takes."""
LOSS_WORDS = "nats per completion token;\nthick: validation, thin: training batches"


def overview_svg(inputs: Inputs) -> str:
    start_numbers()
    with context(["default", style_for(texts_of(inputs.tables))]):  # whatever matplotlibrc a person has
        return svg_text(overview(inputs), title_of(inputs))


def title_of(inputs: Inputs) -> str:
    """The content of the picture, for readers who cannot see it."""
    focus = focus_of(inputs)
    if focus is None:
        return "Loss of both adapters while training"
    parts = [
        f"{share.arm}: {f'{share.n_with_level} of {share.n}' if share.share is not None else 'none computed'}"
        for share in arm_shares(inputs, focus)
    ]
    what = f"profiles with {focus.field} = {focus.level}, of those with a valid value there"
    return f"Loss of both adapters while training; {what}: {'; '.join(parts)}"


def overview(inputs: Inputs) -> Figure:
    """Draw the picture, within the context of STYLE."""
    height = max(LEAST_HEIGHT, TOP + BOTTOM + ROW * len(inputs.arms))
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    losses = _panel(figure, 0.6, 3.1, LEAST_HEIGHT - TOP - BOTTOM)
    draw_losses(losses, inputs.tables[LossRow])
    _head(losses, 0.6, "Loss while training", LOSS_WORDS)
    focus = focus_of(inputs)
    if focus is not None:
        shares = _panel(figure, 6.75, 2.45, height - TOP - BOTTOM)
        draw_shares(shares, arm_shares(inputs, focus), focus)
        _head(
            shares,
            4.95,
            drawable(shortened(f"Profiles with {focus.field} = {focus.level}", 48)),
            _share_words(inputs),
        )
    return figure


def _share_words(inputs: Inputs) -> str:
    unshaded = (
        "; unshaded: draws that are not independent" if hanging(inputs, inputs.headline_prompt.id) else ""
    )
    share = f"{inputs.confidence:.0%}".replace("%", " %")
    prompt = shortened(inputs.headline_prompt.id, 30)
    lines = [
        f"of valid values, prompt {prompt}; shaded: where",
        f"{share} of equally small random samples of the data fall{unshaded}",
    ]
    if trained_pairs(inputs):
        lines.append("one training per dataset: arms may differ by data or by training seed")
    return "\n".join(lines)


def _panel(figure: Figure, left: float, width: float, height: float) -> Axes:
    """Axes at a place given in inches, hanging from the top."""
    whole = figure.get_size_inches()[1]
    bottom = whole - TOP - height
    return figure.add_axes((left / WIDTH, bottom / whole, width / WIDTH, height / whole))


def _head(axes: Axes, left: float, title: str, words: str) -> None:
    figure = axes.get_figure(root=True)
    assert figure is not None
    height = figure.get_size_inches()[1]
    x = (left - 0.3) / WIDTH
    figure.text(x, 1 - 0.2 / height, title, va="top", fontsize=11.5, weight="bold")
    figure.text(x, 1 - 0.46 / height, words, va="top", fontsize=8, color=QUIET, linespacing=1.35)
