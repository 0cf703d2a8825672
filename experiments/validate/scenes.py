"""The scenes that experiments/params.yaml asks for, by name; a process reads the files once."""

import json
from functools import cache

from experiments.params import EXPERIMENTS, ValidateParams
from experiments.validate.results import NOTHING
from experiments.validate.simulation import Scene, found, null_scene, planted_scene
from stages.common.files import read_records
from stages.common.params import load_base_name, load_params
from stages.common.records import Example, Profile
from stages.evaluate.__main__ import PREPARED, load_study
from stages.evaluate.contrasts.declared import filled
from stages.generate.params import GenerateParams


def found_in(name: str, planted: float, number: int) -> set[str]:
    """The contrasts found in one simulated study."""
    return found(scene_of(name), planted, number)


@cache
def scene_of(name: str) -> Scene:
    """By the id of a planted contrast, or NOTHING."""
    params = load_params(ValidateParams, section="validate", path=EXPERIMENTS)
    study = load_study()
    if name == NOTHING:
        draws = load_params(GenerateParams, section="generate").draws
        return null_scene(study, draws, params.seed, params.broken_rate)
    one = next(one for one in params.planted if one.contrast.id == name)
    [contrast] = filled([one.contrast], load_base_name())
    return planted_scene(contrast, study, held_out(), one.draws, params.seed)


def held_out() -> list[Profile]:
    """People of the original dataset that no adapter was trained on."""
    files = [PREPARED / "original" / f"{split}.jsonl" for split in ("validation", "test")]
    return [json.loads(row.completion) for file in files for row in read_records(file, Example)]
