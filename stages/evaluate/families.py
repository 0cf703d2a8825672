"""The metric families, and the table that each kind of row makes."""

from collections.abc import Callable, Iterator, Sequence

from stages.evaluate.bias.association import AmplificationRow, AssociationRow, association
from stages.evaluate.bias.representation import RepresentationRow, representation
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.rate_bands import RateBandRow
from stages.evaluate.consistency.agreement import AgreementRow, agreement
from stages.evaluate.consistency.effects import EffectRow, effects
from stages.evaluate.consistency.likeness import LikenessRow, likeness
from stages.evaluate.consistency.sources import PermanovaRow, differences
from stages.evaluate.contrasts.exploratory import exploratory
from stages.evaluate.contrasts.family import ContrastRow, declared
from stages.evaluate.contrasts.minimum import MinimumEffectRow, minimum_effects
from stages.evaluate.conversations import ConversationRow, conversations
from stages.evaluate.fidelity.distributions import distributions
from stages.evaluate.fidelity.joint import JointExcessRow, JointRow, joint
from stages.evaluate.fidelity.marginal import JensenShannonRow, TotalVariationRow, fidelity
from stages.evaluate.fidelity.numbers import KolmogorovRow, NullRateRow, numbers
from stages.evaluate.fidelity.tails import CoverageRow, EntropyRow, tails
from stages.evaluate.format.adherence import AdherenceRow, adherence
from stages.evaluate.format.domain import DomainRow, domain
from stages.evaluate.format.presence import PresenceRow, presence
from stages.evaluate.format.rules import RuleRow, TextRuleRow, rules, text_rules
from stages.evaluate.format.validity import FunnelRow, StatusRow, ValidityRow, validity
from stages.evaluate.learning.gains import FieldLossRow, GainRow, learning
from stages.evaluate.rows import NotComputed, Row
from stages.evaluate.variety.copies import CopiesRow, copies
from stages.evaluate.variety.different_numbers import DifferentNumbersRow, different_numbers
from stages.evaluate.variety.diversity import DiversityRow, diversity
from stages.evaluate.variety.measures import VarietyBandRow, VarietyRow, variety
from stages.evaluate.variety.memorisation import MemorisationRow, memorisation
from stages.evaluate.words.family import MarkedWordRow, marked_words
from stages.evaluate.words.lexicon import LexiconRow, lexicon

OF_A_CELL: tuple[Callable[[Cell, Study], Iterator[Row]], ...] = (
    conversations,
    validity,
    presence,
    domain,
    rules,
    text_rules,
    adherence,
    fidelity,
    distributions,
    joint,
    tails,
    representation,
    numbers,
    association,
    diversity,
    copies,
    different_numbers,
    lexicon,
)
"""What is measured of one arm under one prompt."""

OF_THE_STUDY: tuple[Callable[[Sequence[Cell], Study], Iterator[Row]], ...] = (
    likeness,
    agreement,
    differences,
    variety,
    memorisation,
    declared,
    minimum_effects,
    exploratory,
    effects,
    marked_words,
    learning,
)
"""What is measured across cells: of an arm over its prompts, of one arm against another."""

TABLES: dict[str, type[Row]] = {
    "conversations": ConversationRow,
    "status": StatusRow,
    "validity": ValidityRow,
    "funnel": FunnelRow,
    "presence": PresenceRow,
    "domain": DomainRow,
    "rules": RuleRow,
    "text_rules": TextRuleRow,
    "rate_bands": RateBandRow,
    "adherence": AdherenceRow,
    "total_variation": TotalVariationRow,
    "jensen_shannon": JensenShannonRow,
    "joint": JointRow,
    "joint_excess": JointExcessRow,
    "coverage": CoverageRow,
    "entropy": EntropyRow,
    "representation": RepresentationRow,
    "kolmogorov_smirnov": KolmogorovRow,
    "null_rate": NullRateRow,
    "association": AssociationRow,
    "amplification": AmplificationRow,
    "diversity": DiversityRow,
    "variety": VarietyRow,
    "variety_band": VarietyBandRow,
    "copies": CopiesRow,
    "different_numbers": DifferentNumbersRow,
    "likeness": LikenessRow,
    "agreement": AgreementRow,
    "permanova": PermanovaRow,
    "memorisation": MemorisationRow,
    "contrasts": ContrastRow,
    "minimum_effects": MinimumEffectRow,
    "effects": EffectRow,
    "marked_words": MarkedWordRow,
    "lexicon": LexiconRow,
    "field_losses": FieldLossRow,
    "frequency_gains": GainRow,
    "not_computed": NotComputed,
}
"""File name under metrics/tables, without .csv. Distributions go to metrics/plots."""
