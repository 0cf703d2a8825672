"""The metric families, and the table that each kind of row makes."""

from collections.abc import Callable, Iterator, Sequence

from stages.evaluate.adherence import AdherenceRow, adherence
from stages.evaluate.association import AmplificationRow, AssociationRow, association
from stages.evaluate.cells import Cell, Study
from stages.evaluate.copies import CopiesRow, copies
from stages.evaluate.diversity import DiversityRow, diversity
from stages.evaluate.fidelity import TotalVariationRow, fidelity
from stages.evaluate.memorisation import MemorisationRow, memorisation
from stages.evaluate.presence import PresenceRow, presence
from stages.evaluate.rows import NotComputed, Row
from stages.evaluate.rules import RuleRow, rules
from stages.evaluate.validity import FunnelRow, StatusRow, ValidityRow, validity
from stages.evaluate.variety import VarietyBandRow, VarietyRow, variety

OF_A_CELL: tuple[Callable[[Cell, Study], Iterator[Row]], ...] = (
    validity,
    presence,
    rules,
    adherence,
    fidelity,
    association,
    diversity,
    copies,
)
"""What is measured of one arm under one prompt."""

OF_THE_STUDY: tuple[Callable[[Sequence[Cell], Study], Iterator[Row]], ...] = (variety, memorisation)
"""What is measured across cells: of an arm over its prompts, of one arm against another."""

TABLES: dict[str, type[Row]] = {
    "status": StatusRow,
    "validity": ValidityRow,
    "funnel": FunnelRow,
    "presence": PresenceRow,
    "rules": RuleRow,
    "adherence": AdherenceRow,
    "total_variation": TotalVariationRow,
    "association": AssociationRow,
    "amplification": AmplificationRow,
    "diversity": DiversityRow,
    "variety": VarietyRow,
    "variety_band": VarietyBandRow,
    "copies": CopiesRow,
    "memorisation": MemorisationRow,
    "not_computed": NotComputed,
}
"""File name under metrics/tables, without .csv. Distributions go to metrics/plots."""
