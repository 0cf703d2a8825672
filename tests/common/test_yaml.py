"""What we read of a YAML file is what DVC reads and records, also after DVC has rewritten the file."""

import shutil

import pytest
import yaml
from dvc.utils.hydra import apply_overrides
from dvc.utils.serialize import parse_yaml

from stages.common.params import load_params, read_yaml
from tests.tiny import ROOT
from thesis.doctor.inputs import SECTIONS

FILES = sorted(
    file.relative_to(ROOT).as_posix()
    for folder in ("", "data", "experiments", "models", "thesis/init")
    for file in (ROOT / folder).glob("*.y*ml")
)
SET = {
    "prepare": ("seed", 87),
    "collect": ("sources", ["claude"]),
    "train.common": ("learning_rate", 0.0001),
    "train.original": ("seed", 2),
    "train.augmented": ("seed", 2),
    "score": ("resamples", 10),
    "generate": ("top_p", 0.9),
    "evaluate": ("null_draws", 20000),
}
"""One key of each section, and what `dvc exp run -S` gives it."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("010", 10),
        ("0o10", 8),
        ("2e-4", 0.0002),
        ("1_000", 1000),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("1:30", "1:30"),
        ("true", True),
        ("~", None),
        ("2.0", 2.0),
    ],
)
def test_a_word_is_what_dvc_reads(tmp_path, text, value):
    path = tmp_path / "a.yaml"
    path.write_text(f"a: {text}")
    found = read_yaml(path)["a"]
    assert (found, type(found)) == (value, type(value))
    assert parse_yaml(path.read_text(), path) == {"a": found}


def plain(value):
    if isinstance(value, dict):
        return all(type(key) is str and plain(inner) for key, inner in value.items()) and type(value) is dict
    if isinstance(value, list):
        return all(map(plain, value)) and type(value) is list
    return type(value) in (str, int, float, bool, type(None))


@pytest.mark.parametrize("name", [*FILES, "dvc.lock"])
def test_a_committed_file_is_what_dvc_reads_and_of_plain_types(name):
    found = read_yaml(ROOT / name)
    assert repr(found) == repr(parse_yaml((ROOT / name).read_text("utf-8"), name))
    assert plain(found)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_people_write_says_the_same_in_yaml_1_1(name):
    """There are quotes where a person, or an editor, may expect the older rules."""
    assert repr(read_yaml(ROOT / name)) == repr(yaml.safe_load((ROOT / name).read_text("utf-8")))


@pytest.mark.parametrize("section", SET)
def test_every_section_is_the_same_after_dvc_has_set_a_param(tmp_path, section):
    path = tmp_path / "params.yaml"
    shutil.copy(ROOT / "params.yaml", path)
    key, value = SET[section]
    apply_overrides(str(path), [f"{section}.{key}={value}"])
    assert path.read_text("utf-8") != (ROOT / "params.yaml").read_text("utf-8")
    for name, model in SECTIONS.items():
        expected = load_params(model, section=name, path=ROOT / "params.yaml")
        if name == section:
            expected = expected.model_copy(update={key: value})
        assert load_params(model, section=name, path=path) == expected


@pytest.mark.parametrize("name", ["data/prompts.yaml", "models/bases.yaml"])
def test_prompts_and_bases_are_the_same_after_dvc_has_rewritten_them(tmp_path, name):
    path = tmp_path / "a.yaml"
    shutil.copy(ROOT / name, path)
    apply_overrides(str(path), ["+further=1"])
    assert read_yaml(path) == {**read_yaml(ROOT / name), "further": 1}
