"""Train further seeds, kept under .work/calibrate/, beside the pipeline's own pair of adapters."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from stages.common.files import read_json
from stages.common.llm.devices import pick_device
from stages.common.made_with import origin_sha256
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Condition
from stages.shell.errors import UserError
from stages.shell.runs import WORK
from stages.shell.used import Used
from stages.train.__main__ import ADAPTERS, Outputs, train
from stages.train.adapter import MANIFEST
from stages.train.checkpoints import fingerprint
from stages.train.manifest import manifest_of, unlabeled
from stages.train.params import ConditionParams

HOME = WORK / "calibrate"


@dataclass(frozen=True)
class TrainingRun:
    """One adapter, trained or not yet."""

    condition: Condition
    seed: int
    folder: Path

    @property
    def done(self) -> bool:
        return (self.folder / MANIFEST).exists()

    @property
    def trained_from(self) -> str:
        """The hash of what the adapter was trained from; it must have been trained."""
        return origin_sha256(read_json(self.folder / MANIFEST))

    def train(self, used: Used) -> None:
        """Train the adapter; a killed training continues where it was.

        Args:
            used: begun before the folder got its name, which says what the adapter is trained on.
        """
        home = self.folder.parent
        outputs = Outputs(self.folder, home / "metrics.json", home / "loss.csv")
        train(self.condition, self.seed, outputs, f"calibrate/train_{self.condition}", used, pick_device())


Pair: TypeAlias = Mapping[Condition, TrainingRun]
"""One training run of each condition, from one seed."""


def pairs_of(further_seeds: Sequence[int]) -> list[Pair]:
    """All pairs of training runs, the pipeline's pair first.

    Raises:
        UserError: if the pipeline's adapters do not belong to the current data and parameters,
            if they were trained with two seeds, or if a seed appears twice.
    """
    own = {c: load_params(ConditionParams, section=f"train.{c}").seed for c in CONDITIONS}
    _check_one_seed(own)
    for condition, seed in own.items():
        _check_seeds([seed, *further_seeds], condition)
        _check_current(condition, seed)
    pairs: list[Pair] = [{c: TrainingRun(c, seed, ADAPTERS / c) for c, seed in own.items()}]
    return pairs + [{c: _further(c, seed) for c in CONDITIONS} for seed in further_seeds]


def _further(condition: Condition, seed: int) -> TrainingRun:
    name = fingerprint(f"train_{condition}", unlabeled(manifest_of(condition, seed)))
    return TrainingRun(condition, seed, HOME / "trained" / name / "adapter")


def _check_one_seed(own: Mapping[Condition, int]) -> None:
    if len(set(own.values())) > 1:
        told = ", ".join(f"train.{condition}.seed is {seed}" for condition, seed in own.items())
        raise UserError(
            f"params.yaml: {told}; expected one seed for both, because runs are compared in pairs\n"
            "Set both to one seed, then: make repro"
        )


def _check_seeds(seeds: Sequence[int], condition: str) -> None:
    if len(set(seeds)) < len(seeds):
        raise UserError(
            f"experiments/params.yaml: calibrate.further_seeds: with train.{condition}.seed they are "
            f"{', '.join(map(str, seeds))}; expected each seed once\nReplace the duplicate"
        )


def _check_current(condition: Condition, seed: int) -> None:
    manifest = ADAPTERS / condition / MANIFEST
    expected = json.loads(json.dumps(unlabeled(manifest_of(condition, seed))))
    if not manifest.exists() or unlabeled(read_json(manifest)) != expected:
        raise UserError(
            f"{manifest.parent}: not trained on the current base, data and parameters\n"
            "Calibration tests the findings of the current adapters: first run make repro (or: make pull)"
        )
