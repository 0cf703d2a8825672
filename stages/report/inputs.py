"""Everything that the report reads, loaded once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from stages.common.calibration import Calibration, load_calibration
from stages.common.comparison import headline_prompt, is_constrained
from stages.common.declarations import Declarations, load_declarations
from stages.common.evaluated import EvaluatedProfile
from stages.common.files import read_json, read_records
from stages.common.look import arm_name
from stages.common.made_with import ContrastFacts, MadeWith, SamplingFacts, made_with, origin_sha256
from stages.common.params import load_params
from stages.common.pasted import Pasted
from stages.common.prompts import AskedPrompt, load_asked_prompts
from stages.common.records import CONDITIONS, Completion, Written
from stages.common.schema import ProfileSchema, load_schema
from stages.common.tables.base import Row
from stages.common.tables.contrasts import MinimumEffectRow
from stages.common.tables.totals import OutsideRow
from stages.report.glossary import Glossary, load_glossary
from stages.report.loading import Tables, load_tables, without_arms
from stages.report.params import BaseEntry, IntervalParams, SourcesParams, ThresholdParams, load_base_facts
from stages.report.trainings import Trainings, load_trainings

METRICS = Path("metrics")
GENERATED = Path("data/generated/completions.jsonl")
COLLECTED = Path("data/collected/completions.jsonl")
PROFILES = Path("data/evaluated/profiles.jsonl")

Json: TypeAlias = dict[str, Any]
R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Inputs:
    """The numbers and texts of one run of the pipeline."""

    base: str
    entry: BaseEntry
    glossary: Glossary
    schema: ProfileSchema
    prompts: Sequence[AskedPrompt]
    completions: Sequence[Written]
    """Completions of our own arms, followed by those of `collected`."""
    collected: Sequence[Pasted]
    """Completions of chat pages and of `thesis ask`."""
    expected: Sequence[str]
    """Chat pages whose answers the study wants."""
    profiles: Sequence[EvaluatedProfile]
    tables: Tables
    data: Json
    """metrics/data.json"""
    score: Json
    """metrics/score.json: split, data, arm."""
    training: dict[str, Json]
    """metrics/train_<condition>.json, by condition."""
    calibration: Calibration | str
    """The results of further trainings; the reason, if there are none with these very settings."""
    trainings: Trainings
    """The trainings behind `calibration`; empty where that is a reason."""
    asked_contrasts: Sequence[ContrastFacts]
    """The contrasts that params.yaml declares."""
    declarations: Declarations
    """When the contrasts were declared, and when the first draws were made."""
    confidence: float
    """Confidence of the intervals and null bands of `evaluate`, in [0, 1]."""
    alpha: float
    """A p-value up to this one counts as found."""
    power: float
    """The chance in [0, 1] with which smallest differences would be detected."""
    score_confidence: float
    """Confidence of the intervals of `score`, in [0, 1]."""

    def name(self, arm: str) -> str:
        """The arm's name for people."""
        return arm_name(arm, self.base)

    @property
    def arms(self) -> list[str]:
        """The arms in the order in which they were asked."""
        return list(dict.fromkeys(row.arm for row in self.completions))

    @cached_property
    def free(self) -> "Inputs":
        """The inputs without arms drawn under a grammar: sentences are about the others alone."""
        written = [row for row in self.completions if not is_constrained(row.arm)]
        return replace(self, completions=written, tables=without_arms(self.tables, is_constrained))

    @property
    def protected(self) -> list[str]:
        """Paths of the protected fields."""
        return [field.path for field in self.schema.by_role("protected")]

    @property
    def prompts_in_order(self) -> list[str]:
        """The ids of the prompts, the headline prompt first."""
        return sorted((prompt.id for prompt in self.prompts), key=lambda one: one != self.headline_prompt.id)

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Every arm with every prompt, the headline prompt first."""
        return [(arm, prompt) for arm in self.arms for prompt in self.prompts_in_order]

    def by_arm(self, rows: Iterable[R]) -> list[R]:
        """The rows in the order of their arms; rows of arms that were not asked come last."""
        order = {arm: place for place, arm in enumerate(self.arms)}
        return sorted(rows, key=lambda row: order.get(row.arm, len(order)))

    def minimum_effect(self, contrast: str) -> MinimumEffectRow | None:
        """The smallest difference that its draws would have found; None if there is none."""
        return next((row for row in self.tables[MinimumEffectRow] if row.contrast == contrast), None)

    @property
    def calibrated_elsewhere(self) -> bool:
        """Whether the calibration's adapters and those that drew here differ in their bytes."""
        own = [row for row in self.completions if isinstance(row, Completion)]
        found = self.calibration
        return not isinstance(found, str) and found.made_with.adapter_sha256 != adapters(own)

    def outside(self, table: str) -> OutsideRow | None:
        """How many numbers of a table lie outside their bands; None if none has a band."""
        return next((row for row in self.tables[OutsideRow] if row.table == table), None)

    @property
    def one_in(self) -> int:
        """How many numbers there are for each one that chance alone puts outside its null band."""
        return round(1 / (1 - self.confidence))

    @property
    def headline_prompt(self) -> AskedPrompt:
        return headline_prompt(self.prompts)


def load_inputs() -> Inputs:
    schema = load_schema()
    base, entry = load_base_facts()
    completions, collected = read_records(GENERATED, Completion), read_records(COLLECTED, Pasted)
    evaluation = load_params(ThresholdParams, section="evaluate")
    calibration = load_calibration(settings_now(completions))
    return Inputs(
        base=base,
        entry=entry,
        glossary=load_glossary(),
        schema=schema,
        prompts=load_asked_prompts(schema),
        completions=[*completions, *collected],
        collected=collected,
        expected=load_params(SourcesParams, section="collect").sources,
        profiles=read_records(PROFILES, EvaluatedProfile),
        tables=load_tables(),
        data=read_json(METRICS / "data.json"),
        score=read_json(METRICS / "score.json"),
        training={name: read_json(METRICS / f"train_{name}.json") for name in CONDITIONS},
        calibration=calibration,
        trainings=Trainings() if isinstance(calibration, str) else load_trainings(calibration),
        asked_contrasts=evaluation.contrasts,
        declarations=load_declarations(),
        confidence=evaluation.confidence,
        alpha=evaluation.alpha,
        power=evaluation.power,
        score_confidence=load_params(IntervalParams, section="score").confidence,
    )


def settings_now(completions: Sequence[Completion]) -> MadeWith:
    """What a calibration must have been made with to count for these completions."""
    schema = load_schema()
    evaluation = load_params(ThresholdParams, section="evaluate")
    return made_with(
        adapters(completions),
        origins(completions),
        evaluation.contrasts,
        load_asked_prompts(schema),
        schema,
        load_params(SamplingFacts, section="generate"),
        base=load_base_facts()[0],
        alpha=evaluation.alpha,
        confidence=evaluation.confidence,
    )


def adapters(completions: Sequence[Completion]) -> dict[str, str]:
    """The hash of the adapter behind each arm that is drawn freely and has one."""
    return {row.arm: row.adapter_sha256 for row in _adapted(completions) if row.adapter_sha256}


def origins(completions: Sequence[Completion]) -> dict[str, str]:
    """The hash of what the adapter behind each such arm was trained from."""
    conditions = {row.arm: row.condition for row in _adapted(completions)}
    manifests = {
        arm: read_json(Path(f"models/adapters/{condition}/manifest.json"))
        for arm, condition in conditions.items()
    }
    return {arm: origin_sha256(manifest) for arm, manifest in manifests.items()}


def _adapted(completions: Sequence[Completion]) -> list[Completion]:
    return [row for row in completions if row.adapter_sha256 and not is_constrained(row.arm)]
