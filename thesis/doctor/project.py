"""The project in the current folder: params, schema, prompts, people and the base, each read once."""

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import torch

from stages.collect.params import CollectParams
from stages.common.llm.bases import Base, cached, load_base_entry
from stages.common.llm.devices import pick_device
from stages.common.params import Params, load_params
from stages.common.prompts import AskedPrompt, TrainingPrompt, load_asked_prompts, load_training_prompts
from stages.common.records import CONDITIONS, Condition, Example, Profile
from stages.common.schema import ProfileSchema, load_schema
from stages.evaluate.params import EvaluateParams
from stages.generate.arms import Arm, all_arms
from stages.generate.params import GenerateParams
from stages.prepare.params import PrepareParams
from stages.prepare.prepared import Prepared, check_files, prepared
from stages.score.params import ScoreParams
from stages.train.params import TrainParams
from thesis.doctor.shapes import Shape, shape_of

P = TypeVar("P", bound=Params)
LARGE_WEIGHTS = 2_000_000_000
"""One block of a base with more weights takes minutes in bfloat16 on many CPUs."""
ONCE_RUN = Path(".work/rejected.jsonl, once prepare has run")


def _section(model: type[P], name: str) -> cached_property[P]:
    """A property that reads a section of params.yaml."""
    return cached_property(lambda project: load_params(model, section=name))


class Project:
    """Inputs of all checks. A part that is wrong raises UserError when it is asked for."""

    def __init__(self, measure: bool, say: Callable[[str], None] = lambda text: None) -> None:
        self.measure = measure
        """Whether a model may be timed."""
        self.say = say
        """Receives the progress of a check that takes long."""

    @cached_property
    def entry(self) -> tuple[str, Base]:
        return load_base_entry()

    @cached_property
    def folder(self) -> Path | None:
        """The base's folder; None if it has to be fetched."""
        return cached(*self.entry)

    @cached_property
    def shape(self) -> Shape | None:
        return shape_of(self.entry[1], self.folder)

    @cached_property
    def device(self) -> torch.device:
        return pick_device()

    @property
    def why_unmeasured(self) -> str:
        """Why no model is timed or compared; "" if one is."""
        if not self.measure:
            return "--no-measure"
        if self.shape is None:
            return "the base's shape is known once it is fetched"
        if self.device.type == "cpu" and self.shape.n_weights > LARGE_WEIGHTS:
            return (
                f"a base of {self.shape.n_weights / 1e9:.1f} billion weights takes minutes per step on a CPU"
            )
        return ""

    prepare = _section(PrepareParams, "prepare")
    collect = _section(CollectParams, "collect")
    train = _section(TrainParams, "train.common")
    score = _section(ScoreParams, "score")
    generate = _section(GenerateParams, "generate")
    evaluate = _section(EvaluateParams, "evaluate")

    @cached_property
    def schema(self) -> ProfileSchema:
        return load_schema()

    @cached_property
    def training_prompts(self) -> list[TrainingPrompt]:
        return load_training_prompts(self.schema)

    @cached_property
    def asked(self) -> list[AskedPrompt]:
        return load_asked_prompts(self.schema)

    @cached_property
    def people(self) -> Prepared:
        """What `prepare` would write; nothing is written."""
        checked = check_files(self.prepare, self.schema)
        return prepared(
            checked, self.prepare, self.schema, self.training_prompts, ONCE_RUN, lambda line: None
        )

    @property
    def training(self) -> dict[Condition, list[Example]]:
        return {condition: self.people.examples[condition]["train"] for condition in CONDITIONS}

    @property
    def training_profiles(self) -> dict[Condition, list[Profile]]:
        return {c: [json.loads(example.completion) for example in self.training[c]] for c in CONDITIONS}

    @cached_property
    def arms(self) -> list[Arm]:
        return all_arms(self.entry[0], self.training, self.generate)

    @cached_property
    def tokenizer(self) -> Any:
        """The base's tokenizer; None while the base is not fetched."""
        if self.folder is None:
            return None
        from stages.common.llm.tokenizer import read_tokenizer

        return read_tokenizer(self.folder, self.entry[1].template)

    @property
    def n_lora(self) -> int:
        """Weights of an adapter; 0 if the base's shape is not known."""
        lora = self.train.lora
        return self.shape.n_lora(lora.rank, lora.targets) if self.shape else 0
