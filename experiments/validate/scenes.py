"""Build the scenes of experiments/params.yaml by name; each process reads the files once."""

import json
from functools import cache

from experiments.params import EXPERIMENTS, ValidateParams
from experiments.validate.simulation import Scene, found, null_scene, planted_scene
from stages.common.files import read_records
from stages.common.params import load_base_name, load_params
from stages.common.records import Example, Profile
from stages.evaluate.__main__ import PREPARED, load_study
from stages.evaluate.declared import filled


def found_in(name: str, planted: float, number: int) -> set[str]:
    """The contrasts found in one simulated study."""
    return found(scene_of(name), planted, number)


@cache
def scene_of(name: str) -> Scene:
    """The scene with the id of a planted contrast, or with the name of studies with nothing planted."""
    params = load_params(ValidateParams, section="validate", path=EXPERIMENTS)
    study = load_study()
    for one in params.nothing:
        if one.name == name:
            rate = params.broken_rate
            return null_scene(study, one.draws, params.seed, calibration=one.calibration, broken_rate=rate)
    effect = next(one for one in params.planted if one.contrast.id == name)
    [contrast] = filled([effect.contrast], load_base_name())
    return planted_scene(contrast, study, held_out(), effect.draws, params.seed)


def held_out() -> list[Profile]:
    """People of the original dataset that no adapter was trained on."""
    files = [PREPARED / "original" / f"{split}.jsonl" for split in ("validation", "test")]
    return [json.loads(row.completion) for file in files for row in read_records(file, Example)]
