"""All tables, in the order of the page."""

from collections.abc import Callable, Iterator

from stages.report.caveats import noted
from stages.report.inputs import Inputs
from stages.report.table import Table
from stages.report.tables.alike import agreement, likeness, sources
from stages.report.tables.bias import association, representation
from stages.report.tables.calibration import calibration
from stages.report.tables.collected import constrained, origins
from stages.report.tables.consistency import adherence, rules, text_rules
from stages.report.tables.contrasts import contrasts
from stages.report.tables.data import reduction
from stages.report.tables.domain import domain
from stages.report.tables.effects import effects
from stages.report.tables.entropy import entropy
from stages.report.tables.fidelity import coverage, fidelity, joint, numbers
from stages.report.tables.format import arms, names, ran
from stages.report.tables.gaps import gaps
from stages.report.tables.losses import field_losses, losses
from stages.report.tables.memorisation import memorisation
from stages.report.tables.variety import different_numbers, variety
from stages.report.tables.words import lexicon, marked_words

MAKERS: tuple[Callable[[Inputs], Iterator[Table]], ...] = (
    ran,
    names,
    origins,
    arms,
    constrained,
    rules,
    text_rules,
    domain,
    adherence,
    likeness,
    agreement,
    sources,
    fidelity,
    numbers,
    joint,
    coverage,
    entropy,
    variety,
    different_numbers,
    memorisation,
    representation,
    association,
    marked_words,
    lexicon,
    calibration,
    contrasts,
    effects,
    losses,
    field_losses,
    reduction,
    gaps,
)


def all_tables(inputs: Inputs) -> list[Table]:
    """Make all tables, and keep those that have rows."""
    return [noted(table, inputs) for make in MAKERS for table in make(inputs) if table.rows]
