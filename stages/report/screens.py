"""The page's questions in their order, and the findings of its first screen."""

from collections.abc import Collection, Sequence

from stages.report.claims import augmentation_screen, first_finding
from stages.report.coherence import bias_screen, consistency_screen
from stages.report.declared import contrasts_screen
from stages.report.inputs import Inputs
from stages.report.learning import learning_screen
from stages.report.prompting import prompting_screen
from stages.report.resembling import fidelity_screen
from stages.report.screen import Maker, Screen
from stages.report.varied import variety_screen
from stages.report.written import format_screen

MAKERS: tuple[Maker, ...] = (
    augmentation_screen,
    contrasts_screen,
    format_screen,
    fidelity_screen,
    bias_screen,
    consistency_screen,
    variety_screen,
    prompting_screen,
    learning_screen,
)
FIRST = ("format", "diversity", "consistency", "bias", "fidelity", "losses", "contrasts")
"""Screens whose headlines may stand on the first one, the most telling before the others."""


def screens(inputs: Inputs, there: Collection[str]) -> list[Screen]:
    """The questions about which the numbers say anything.

    Args:
        there: names of the figures and tables of the page.
    """
    made = [make(inputs) for make in MAKERS]
    return [one for one in made if one.sentences or any(_is_there(name, there) for name in _shown(one))]


def findings(shown: Sequence[Screen], inputs: Inputs) -> list[tuple[str, str]]:
    """Three headlines that are true of this run, each after the id of its screen."""
    by_id = {one.id: one.headline for one in shown}
    others = [(name, by_id[name]) for name in FIRST if name in by_id]
    return [("augmentation", first_finding(inputs)), *others[:2]]


def _shown(screen: Screen) -> tuple[str, ...]:
    return (*screen.pictures, *screen.tables)


def _is_there(name: str, there: Collection[str]) -> bool:
    return any(one.startswith(name) if name.endswith("-") else one == name for one in there)
