"""All figures, in the order of the page."""

from collections.abc import Callable

from stages.report.caveats import captioned
from stages.report.figures import (
    association,
    calibration,
    contrasts,
    distributions,
    fidelity_diversity,
    funnel,
    losses,
    marked_words,
    shares,
)
from stages.report.figures.drawing import Drawing
from stages.report.inputs import Inputs

DRAWERS: tuple[Callable[[Inputs], list[Drawing]], ...] = (
    shares.draw,
    calibration.draw,
    funnel.draw,
    distributions.draw,
    fidelity_diversity.draw,
    association.draw,
    marked_words.draw,
    contrasts.draw,
    losses.draw,
)


def all_drawings(inputs: Inputs) -> list[Drawing]:
    """Draw all figures that have something to show, within the context of STYLE."""
    return [captioned(drawing, inputs) for draw in DRAWERS for drawing in draw(inputs)]
