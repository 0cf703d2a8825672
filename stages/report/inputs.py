"""Everything the report is made from, loaded once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from stages.common.comparison import headline_prompt
from stages.common.evaluated import EvaluatedProfile
from stages.common.files import read_json, read_records
from stages.common.params import load_params
from stages.common.prompts import AskedPrompt, load_asked_prompts
from stages.common.records import CONDITIONS, Completion
from stages.common.schema import ProfileSchema, load_schema
from stages.report.glossary import Glossary, load_glossary
from stages.report.params import BaseEntry, IntervalParams, load_base_facts
from stages.report.rows import (
    AssociationRow,
    CopiesRow,
    DistributionRow,
    DiversityRow,
    LossRow,
    NotComputedRow,
    PresenceRow,
    StatusRow,
    TotalVariationRow,
    ValidityRow,
    read_table,
)

METRICS = Path("metrics")
TABLES = METRICS / "tables"
PLOTS = METRICS / "plots"
GENERATED = Path("data/generated/completions.jsonl")
PROFILES = Path("data/evaluated/profiles.jsonl")

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Tables:
    """Of metrics/tables and metrics/plots."""

    status: Sequence[StatusRow]
    validity: Sequence[ValidityRow]
    diversity: Sequence[DiversityRow]
    copies: Sequence[CopiesRow]
    presence: Sequence[PresenceRow]
    total_variation: Sequence[TotalVariationRow]
    not_computed: Sequence[NotComputedRow]
    distributions: Sequence[DistributionRow]
    losses: Sequence[LossRow]
    association: Sequence[AssociationRow] = ()


@dataclass(frozen=True)
class Inputs:
    """The numbers and texts of one run of the pipeline."""

    base: str
    entry: BaseEntry
    glossary: Glossary
    schema: ProfileSchema
    prompts: Sequence[AskedPrompt]
    completions: Sequence[Completion]
    profiles: Sequence[EvaluatedProfile]
    tables: Tables
    data: Json
    """metrics/data.json"""
    score: Json
    """metrics/score.json: split, data, arm."""
    training: dict[str, Json]
    """metrics/train_<condition>.json, by condition."""
    confidence: float
    """Of the intervals and null bands of `evaluate`, a share."""
    score_confidence: float
    """Of the intervals of `score`, a share."""

    @property
    def arms(self) -> list[str]:
        """In the order in which they were asked."""
        return list(dict.fromkeys(row.arm for row in self.completions))

    @property
    def protected(self) -> list[str]:
        """Paths of the protected fields."""
        return [field.path for field in self.schema.by_role("protected")]

    @property
    def prompts_in_order(self) -> list[str]:
        """Ids, the headline prompt first."""
        return sorted((prompt.id for prompt in self.prompts), key=lambda one: one != self.headline_prompt.id)

    @property
    def one_in(self) -> int:
        """By chance alone, one number in so many lies outside its null band."""
        return round(1 / (1 - self.confidence))

    @property
    def headline_prompt(self) -> AskedPrompt:
        return headline_prompt(self.prompts)


def load_inputs() -> Inputs:
    schema = load_schema()
    base, entry = load_base_facts()
    return Inputs(
        base=base,
        entry=entry,
        glossary=load_glossary(),
        schema=schema,
        prompts=load_asked_prompts(schema),
        completions=read_records(GENERATED, Completion),
        profiles=read_records(PROFILES, EvaluatedProfile),
        tables=load_tables(),
        data=read_json(METRICS / "data.json"),
        score=read_json(METRICS / "score.json"),
        training={name: read_json(METRICS / f"train_{name}.json") for name in CONDITIONS},
        confidence=load_params(IntervalParams, section="evaluate").confidence,
        score_confidence=load_params(IntervalParams, section="score").confidence,
    )


def load_tables() -> Tables:
    return Tables(
        status=read_table(TABLES / "status.csv", StatusRow),
        validity=read_table(TABLES / "validity.csv", ValidityRow),
        diversity=read_table(TABLES / "diversity.csv", DiversityRow),
        copies=read_table(TABLES / "copies.csv", CopiesRow),
        presence=read_table(TABLES / "presence.csv", PresenceRow),
        total_variation=read_table(TABLES / "total_variation.csv", TotalVariationRow),
        not_computed=read_table(TABLES / "not_computed.csv", NotComputedRow),
        distributions=read_table(PLOTS / "distributions.csv", DistributionRow),
        losses=[row for name in CONDITIONS for row in read_table(PLOTS / f"loss_{name}.csv", LossRow)],
    )
