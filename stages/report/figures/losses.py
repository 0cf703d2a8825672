"""Draw both loss curves."""

from matplotlib.figure import Figure

from stages.common.tables.learning import LossRow
from stages.report.figures.drawing import Drawing
from stages.report.inputs import Inputs
from stages.report.loss_panel import draw_losses


def draw(inputs: Inputs) -> list[Drawing]:
    if not inputs.tables[LossRow]:
        return []
    figure = Figure(figsize=(5.6, 3.1), facecolor="white")
    axes = figure.add_axes((0.09, 0.15, 0.68, 0.8))
    draw_losses(axes, inputs.tables[LossRow])
    last = {row.condition: row.loss for row in inputs.tables[LossRow] if row.split == "validation"}
    words = "; ".join(f"{condition} ends at {loss:.2f}" for condition, loss in last.items())
    return [Drawing("losses", figure, f"Validation loss while training: {words}", CAPTION)]


CAPTION = (
    "[Loss](train_*) in nats per completion token; lower is better. Thick lines with marks show the "
    "validation profiles, thin lines the training batches. The adapter with the lowest validation loss "
    "was kept."
)
