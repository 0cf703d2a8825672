"""The tables under metrics/, loaded as typed rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from stages.common.records import CONDITIONS
from stages.report.rows.base import R, read_joined, read_table
from stages.report.rows.bias import AssociationRow, LexiconRow, MarkedWordRow, RepresentationRow
from stages.report.rows.contrasts import ContrastRow, EffectRow, MinimumEffectRow
from stages.report.rows.fidelity import (
    CoverageRow,
    DistributionRow,
    FieldLossRow,
    GainRow,
    JointExcessRow,
    KolmogorovRow,
    LossRow,
    TotalVariationRow,
)
from stages.report.rows.format import (
    AdherenceRow,
    DomainRow,
    FunnelRow,
    NotComputedRow,
    PresenceRow,
    RuleRow,
    StatusRow,
    ValidityRow,
)
from stages.report.rows.variety import (
    AgreementRow,
    CopiesRow,
    DifferentNumbersRow,
    DiversityRow,
    EntropyRow,
    LikenessRow,
    MemorisationRow,
    PermanovaRow,
    VarietyRow,
)

TABLES = Path("metrics/tables")
DISTRIBUTIONS = Path("metrics/plots/distributions.csv")
LOSSES = Path("metrics/plots")


@dataclass(frozen=True)
class Tables:
    """Of metrics/tables and metrics/plots; a measure that could not be taken has no rows."""

    status: Sequence[StatusRow]
    validity: Sequence[ValidityRow]
    funnel: Sequence[FunnelRow]
    presence: Sequence[PresenceRow]
    rules: Sequence[RuleRow]
    text_rules: Sequence[RuleRow]
    domain: Sequence[DomainRow]
    adherence: Sequence[AdherenceRow]
    diversity: Sequence[DiversityRow]
    copies: Sequence[CopiesRow]
    different_numbers: Sequence[DifferentNumbersRow]
    total_variation: Sequence[TotalVariationRow]
    joint: Sequence[JointExcessRow]
    coverage: Sequence[CoverageRow]
    entropy: Sequence[EntropyRow]
    kolmogorov: Sequence[KolmogorovRow]
    representation: Sequence[RepresentationRow]
    association: Sequence[AssociationRow]
    variety: Sequence[VarietyRow]
    agreement: Sequence[AgreementRow]
    likeness: Sequence[LikenessRow]
    permanova: Sequence[PermanovaRow]
    minimum_effects: Sequence[MinimumEffectRow]
    marked_words: Sequence[MarkedWordRow]
    lexicon: Sequence[LexiconRow]
    memorisation: Sequence[MemorisationRow]
    contrasts: Sequence[ContrastRow]
    effects: Sequence[EffectRow]
    not_computed: Sequence[NotComputedRow]
    distributions: Sequence[DistributionRow]
    losses: Sequence[LossRow]
    field_losses: Sequence[FieldLossRow]
    gains: Sequence[GainRow]


def load_tables() -> Tables:
    return Tables(
        status=_table("status", StatusRow),
        validity=_table("validity", ValidityRow),
        funnel=_table("funnel", FunnelRow),
        presence=_table("presence", PresenceRow),
        rules=_table("rules", RuleRow),
        text_rules=_table("text_rules", RuleRow),
        domain=_table("domain", DomainRow),
        adherence=_table("adherence", AdherenceRow),
        diversity=_table("diversity", DiversityRow),
        copies=_table("copies", CopiesRow),
        different_numbers=_table("different_numbers", DifferentNumbersRow),
        total_variation=_table("total_variation", TotalVariationRow),
        joint=_table("joint_excess", JointExcessRow),
        coverage=_table("coverage", CoverageRow),
        entropy=_table("entropy", EntropyRow),
        kolmogorov=_table("kolmogorov_smirnov", KolmogorovRow),
        representation=_table("representation", RepresentationRow),
        association=_joined(("association", "amplification"), AssociationRow, "field", "attribute"),
        variety=_joined(("variety", "variety_band"), VarietyRow, "measure"),
        agreement=_table("agreement", AgreementRow),
        likeness=_table("likeness", LikenessRow),
        permanova=_table("permanova", PermanovaRow),
        minimum_effects=_table("minimum_effects", MinimumEffectRow),
        marked_words=_table("marked_words", MarkedWordRow),
        lexicon=_table("lexicon", LexiconRow),
        memorisation=_table("memorisation", MemorisationRow),
        effects=_table("effects", EffectRow),
        contrasts=_table("contrasts", ContrastRow),
        not_computed=_table("not_computed", NotComputedRow),
        distributions=read_table(DISTRIBUTIONS, DistributionRow),
        field_losses=_table("field_losses", FieldLossRow),
        gains=_table("frequency_gains", GainRow),
        losses=[row for name in CONDITIONS for row in read_table(LOSSES / f"loss_{name}.csv", LossRow)],
    )


def texts_of(tables: Tables) -> set[str]:
    """Every text that stands in a table: names of fields, levels, words."""
    rows = (row for field in fields(tables) for row in getattr(tables, field.name))
    return {value for row in rows for value in vars(row).values() if isinstance(value, str)}


def without_arms(tables: Tables, left_out: Callable[[str], bool]) -> Tables:
    """The same tables without the rows of some arms."""
    kept: dict[str, Any] = {
        field.name: [row for row in getattr(tables, field.name) if not left_out(getattr(row, "arm", ""))]
        for field in fields(tables)
    }
    return Tables(**kept)


def _joined(names: Sequence[str], model: type[R], *keys: str) -> Sequence[R]:
    return read_joined([TABLES / f"{name}.csv" for name in names], model, "arm", "prompt", *keys)


def _table(name: str, model: type[R]) -> Sequence[R]:
    return read_table(TABLES / f"{name}.csv", model)
