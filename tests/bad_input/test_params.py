"""Parameters that are misspelled, of a wrong type or out of bounds."""

import pytest

from stages.common.params import load_params
from stages.shell.errors import UserError
from stages.train.params import TrainParams
from tests.bad_input.inputs import PARAMS, refuses_with, write
from tests.tiny import edit_yaml


def rename(old, new):
    return lambda: PARAMS.write_text(PARAMS.read_text("utf-8").replace(old, new), "utf-8")


PREPARE_PARAMS = {
    "misspelled": (
        rename("max_twins", "max_twinz"),
        ["max_twins: required, missing", "did you mean max_twins?"],
    ),
    "misspelled inside": (rename("become", "becomes"), ["nulls.becomes: unknown key; did you mean become?"]),
    "misspelled section": (
        rename("prepare:", "prepair:"),
        ["section prepare is missing", "'prepair' is there"],
    ),
    "text for a number": (rename("seed: 86", "seed: eighty"), ["seed: 'eighty'", "valid integer"]),
    "number as text": (rename("seed: 86", "seed: '86'"), ["seed: '86'", "valid integer"]),
    "scientific": (rename("rejected_rate: 0.0", "rejected_rate: '2e-4'"), ["'2e-4'", "valid number"]),
    "yes": (rename("seed: 86", "seed: yes"), ["seed: 'yes'", "valid integer"]),
    "no such choice": (rename("become: explicit", "become: gone"), ["nulls.become: 'gone'", "explicit"]),
    "shares not 1": (rename("train: 0.6", "train: 0.7"), ["together 1.1, not 1"]),
    "share 0": (rename("test: 0.2", "test: 0"), ["shares.test: 0", "greater than 0"]),
    "rate 1": (rename("rate: 0.0", "rate: 1.0"), ["max_rejected_rate: 1.0", "less than 1"]),
    "nan": (rename("rate: 0.0", "rate: .nan"), ["params.yaml: prepare"]),
    "n 0": (rename("n: null", "n: 0"), ["sample.n: 0", "greater than 0"]),
    "unclosed": (rename("seed: 86", "seed: [86"), ["params.yaml:", "not YAML"]),
    "empty": (lambda: write(PARAMS, ""), ["params.yaml: section prepare is missing"]),
    "list": (lambda: write(PARAMS, "- prepare"), ["params.yaml: section prepare is missing"]),
    "empty section": (lambda: write(PARAMS, "prepare:"), ["params.yaml: prepare"]),
    "too many people": (rename("n: null", "n: 41"), ["prepare.sample.n is 41, but there are 40 people"]),
    "protected stratum": (
        rename("strata: []", "strata: [gender]"),
        ["prepare.sample.strata: gender", "twins"],
    ),
    "unknown stratum": (
        rename("strata: []", "strata: [shoe]"),
        ["prepare.sample.strata: shoe", "There are: age"],
    ),
    "empty split": (rename("n: null", "n: 1"), ["data/raw/original.json", "1 records falls into"]),
}


@pytest.mark.parametrize(("change", "parts"), PREPARE_PARAMS.values(), ids=PREPARE_PARAMS)
def test_params(change, parts):
    before = PARAMS.read_text("utf-8")
    change()
    assert PARAMS.read_text("utf-8") != before
    refuses_with(parts)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"batch_size": 0}, "batch_size: 0: input should be greater than 0"),
        (
            {"batch_size": 8, "records_per_pack": 3},
            "batch_size (8) is not a multiple of records_per_pack (3)",
        ),
        ({"learning_rate": "fast"}, "learning_rate: 'fast': input should be a valid number"),
        ({"steps": True}, "steps: True"),
        ({"step": 3}, "step: unknown key; did you mean steps?"),
        ({"lora": {"rnak": 3}}, "lora.rnak: unknown key; did you mean rank?"),
    ],
)
def test_training_params(change, part):
    edit_yaml(PARAMS, {"train": {"common": change}})
    with pytest.raises(UserError) as error:
        load_params(TrainParams, section="train.common")
    assert f"{PARAMS}: train.common: 1 mistake" in str(error.value)
    assert part in str(error.value)
