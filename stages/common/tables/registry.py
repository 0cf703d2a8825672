"""Which table each class of rows makes."""

from stages.common.tables.base import NotComputed, Row
from stages.common.tables.bias import AmplificationRow, AssociationRow, RepresentationRow
from stages.common.tables.consistency import AgreementRow, EffectRow, LikenessRow, PermanovaRow
from stages.common.tables.contrasts import ContrastRow, MinimumEffectRow
from stages.common.tables.fidelity import (
    CoverageRow,
    EntropyRow,
    JensenShannonRow,
    JointExcessRow,
    JointRow,
    KolmogorovRow,
    NullRateRow,
    TotalVariationRow,
)
from stages.common.tables.format import (
    AdherenceRow,
    ConversationRow,
    DomainRow,
    FunnelRow,
    PresenceRow,
    RateBandRow,
    RuleRow,
    StatusRow,
    TextRuleRow,
    ValidityRow,
)
from stages.common.tables.learning import FieldLossRow, GainRow
from stages.common.tables.variety import (
    CopiesRow,
    DifferentNumbersRow,
    DiversityRow,
    MemorisationRow,
    VarietyBandRow,
    VarietyRow,
)
from stages.common.tables.words import LexiconRow, MarkedWordRow

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
