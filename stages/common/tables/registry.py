"""Which table each class of rows makes."""

from stages.common.tables import base, bias, consistency, contrasts, fidelity, learning, variety, words
from stages.common.tables import format as forms

TABLES: dict[str, type[base.Row]] = {
    "conversations": forms.ConversationRow,
    "status": forms.StatusRow,
    "validity": forms.ValidityRow,
    "funnel": forms.FunnelRow,
    "presence": forms.PresenceRow,
    "domain": forms.DomainRow,
    "rules": forms.RuleRow,
    "text_rules": forms.TextRuleRow,
    "adherence": forms.AdherenceRow,
    "total_variation": fidelity.TotalVariationRow,
    "joint_excess": fidelity.JointExcessRow,
    "coverage": fidelity.CoverageRow,
    "entropy": fidelity.EntropyRow,
    "representation": bias.RepresentationRow,
    "kolmogorov_smirnov": fidelity.KolmogorovRow,
    "association": bias.AssociationRow,
    "amplification": bias.AmplificationRow,
    "diversity": variety.DiversityRow,
    "variety": variety.VarietyRow,
    "variety_band": variety.VarietyBandRow,
    "copies": variety.CopiesRow,
    "different_numbers": variety.DifferentNumbersRow,
    "likeness": consistency.LikenessRow,
    "agreement": consistency.AgreementRow,
    "permanova": consistency.PermanovaRow,
    "memorisation": variety.MemorisationRow,
    "contrasts": contrasts.ContrastRow,
    "minimum_effects": contrasts.MinimumEffectRow,
    "effects": consistency.EffectRow,
    "marked_words": words.MarkedWordRow,
    "lexicon": words.LexiconRow,
    "field_losses": learning.FieldLossRow,
    "frequency_gains": learning.GainRow,
    "not_computed": base.NotComputed,
}
"""File name under metrics/tables, without .csv. Distributions go to metrics/plots."""
