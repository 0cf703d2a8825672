"""Draw both loss curves."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from stages.common.records import CONDITIONS
from stages.common.tables.learning import LossRow
from stages.report.figures.drawing import NARROW, WIDTH, Drawing
from stages.report.inputs import Inputs
from stages.report.loss_panel import draw_losses
from stages.report.numbers import listed


def draw(inputs: Inputs) -> list[Drawing]:
    if not inputs.tables[LossRow]:
        return []
    rows = inputs.tables[LossRow]
    wide, narrow = (_figure(rows, width) for width in (WIDTH, NARROW))
    return [Drawing("losses", wide, _finding(rows), CAPTION, narrow=narrow)]


def _figure(rows: Sequence[LossRow], width: float) -> Figure:
    figure = Figure(figsize=(width, 2.9), facecolor="white")
    figure.subplots_adjust(left=0.45 / width, right=1 - 1.3 / width, bottom=0.17, top=0.96)
    axes = figure.add_subplot()
    draw_losses(axes, rows)
    axes.tick_params(labelsize=7.5)
    return figure


def _finding(rows: Sequence[LossRow]) -> str:
    told = []
    for condition in CONDITIONS:
        losses = [row.loss for row in rows if (row.condition, row.split) == (condition, "validation")]
        if losses:
            told.append(f"from {losses[0]:.2f} to {min(losses):.2f} on the {condition} data")
    return f"Training takes the validation loss {listed(told)}" if told else "Loss while training"


CAPTION = (
    "[Loss](train_*) in nats per completion token; lower is better. Thick lines with marks show the "
    "validation profiles, thin lines the training batches. The adapter with the lowest validation loss "
    "was kept."
)
