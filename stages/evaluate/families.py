"""The metric families, and the table that each kind of row makes."""

from collections.abc import Callable, Iterator, Sequence

from stages.evaluate.adherence import AdherenceRow, adherence
from stages.evaluate.cells import Cell, Study
from stages.evaluate.contrasts.family import ContrastRow, declared
from stages.evaluate.contrasts.minimum import MinimumEffectRow, minimum_effects
from stages.evaluate.copies import CopiesRow, copies
from stages.evaluate.diversity import DiversityRow, diversity
from stages.evaluate.fidelity import TotalVariationRow, fidelity
from stages.evaluate.presence import PresenceRow, presence
from stages.evaluate.rows import NotComputed, Row
from stages.evaluate.rules import RuleRow, rules
from stages.evaluate.validity import StatusRow, ValidityRow, validity
from stages.evaluate.words.family import MarkedWordRow, marked_words
from stages.evaluate.words.lexicon import LexiconRow, lexicon

OF_A_CELL: tuple[Callable[[Cell, Study], Iterator[Row]], ...] = (
    validity,
    presence,
    rules,
    adherence,
    fidelity,
    diversity,
    copies,
    lexicon,
)
"""What is measured of one arm under one prompt."""

OF_THE_STUDY: tuple[Callable[[Sequence[Cell], Study], Iterator[Row]], ...] = (
    declared,
    minimum_effects,
    marked_words,
)
"""What is measured across cells: of an arm over its prompts, of one arm against another."""

TABLES: dict[str, type[Row]] = {
    "status": StatusRow,
    "validity": ValidityRow,
    "presence": PresenceRow,
    "rules": RuleRow,
    "adherence": AdherenceRow,
    "total_variation": TotalVariationRow,
    "diversity": DiversityRow,
    "copies": CopiesRow,
    "contrasts": ContrastRow,
    "minimum_effects": MinimumEffectRow,
    "marked_words": MarkedWordRow,
    "lexicon": LexiconRow,
    "not_computed": NotComputed,
}
"""File name under metrics/tables, without .csv. Distributions go to metrics/plots."""
