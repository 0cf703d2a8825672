"""An edit while a stage runs is refused: DVC would record it as what was used."""

import json
import os
import time
from pathlib import Path

import pytest
from dvc.dependency.param import ParamsDependency
from dvc.repo import Repo
from hypothesis import given
from hypothesis import strategies as st

from stages.common.files import write_text
from stages.shell.errors import UserError
from stages.shell.runs import recorded
from stages.shell.used import Used, _leaves
from tests.tiny import ROOT

DVC = """
stages:
  train_original:
    cmd: python -m stages.train
    deps: [data/rows.jsonl, stages/train, "stages/${base}.py", models/adapters]
    params: [base, train.common, {models/bases.yaml: ["${base}.dtype"]}, {whole.yaml: }]
"""
PARAMS = "base: tiny.1\ntrain: {common: {learning_rate: 0.002, steps: 2, words: []}, original: {seed: 1}}\n"
BASES = "tiny: {1: {dtype: float32, licence: free}, '2': {dtype: float32}}\n"
FILES = {
    "dvc.yaml": DVC,
    "params.yaml": PARAMS,
    "models/bases.yaml": BASES.replace("1:", "'1':"),
    "whole.yaml": "a: [1, {b: x}]\n",
    "data/rows.jsonl": "{}\n",
    "stages/train/code.py": "1\n",
    "stages/tiny.1.py": "1\n",
    ".dvcignore": (ROOT / ".dvcignore").read_text("utf-8"),
}


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        write_text(Path(name), text)
        os.utime(name, (1, 1))


def said(edit, stage="train_original"):
    """The message of a stage during which `edit` was made; "" if it was recorded."""
    try:
        with recorded(stage, outputs=[]):
            edit()
    except UserError as error:
        assert not Path(f".work/runs/{stage}.json").exists()
        return str(error)
    assert Path(f".work/runs/{stage}.json").exists()
    return ""


def replace(name, old, new):
    def edit():
        text = Path(name).read_text()
        assert old in text
        write_text(Path(name), text.replace(old, new))

    return edit


def test_the_message_names_file_key_and_both_values():
    assert said(replace("params.yaml", "0.002", "0.1")) == (
        "params.yaml changed while train_original ran\n"
        "  params.yaml: train.common.learning_rate was 0.002 and is 0.1\n"
        "Nothing was recorded; run again: dvc repro"
    )


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (replace("params.yaml", "base: tiny.1", "base: tiny.2"), 'base was "tiny.1" and is "tiny.2"'),
        (replace("params.yaml", "words: []", "words: {}"), "train.common.words was [] and is {}"),
        (replace("params.yaml", "words: []", "words: [a]"), 'train.common.words.0 was missing and is "a"'),
        (replace("params.yaml", "steps: 2", "steps: 2.0"), "train.common.steps was 2 and is 2.0"),
        (replace("params.yaml", "steps: 2, ", ""), "train.common.steps was 2 and is missing"),
        (replace("params.yaml", "steps: 2", "steps: ["), "params.yaml:2:48: not YAML"),
        (replace("models/bases.yaml", "float32, l", "bfloat16, l"), 'tiny.1.dtype was "float32" and is "bf'),
        (replace("whole.yaml", "b: x", "b: y"), 'whole.yaml: a.1.b was "x" and is "y"'),
        (replace("data/rows.jsonl", "{}", "[]"), "data/rows.jsonl: was edited"),
        (replace("stages/train/code.py", "1", "2"), "stages/train/code.py: was edited"),
        (replace("stages/tiny.1.py", "1", "2"), "stages/tiny.1.py: was edited"),
        (lambda: write_text(Path("stages/train/more.py"), ""), "stages/train/more.py: is new"),
        (lambda: write_text(Path("models/adapters/a/b"), ""), "models/adapters/a/b: is new"),
        (lambda: Path("data/rows.jsonl").unlink(), "data/rows.jsonl: is gone"),
        (lambda: Path("whole.yaml").unlink(), "whole.yaml: not found"),
    ],
)
def test_each_kind_of_edit_is_named(edit, line):
    assert line in said(edit)


def test_a_long_value_is_cut_and_many_files_are_counted():
    def edit():
        write_text(Path("whole.yaml"), f"a: [1, {{b: {'x' * 100}}}]")
        for name in ("a", "b", "c"):
            write_text(Path(f"stages/train/{name}.py"), "")

    head, *lines = said(edit).split("\n")
    assert head.startswith("stages/train/a.py, stages/train/b.py, stages/train/c.py and 1 more changed while")
    assert all(len(line) < 110 for line in lines)


@pytest.mark.parametrize(
    "edit",
    [
        lambda: None,
        replace("params.yaml", "seed: 1", "seed: 2"),
        replace("params.yaml", "{common", "{ common"),
        replace("params.yaml", "learning_rate: 0.002, steps: 2", "steps: 2, learning_rate: 2e-3"),
        replace("models/bases.yaml", "licence: free", "licence: other"),
        replace("models/bases.yaml", "'2': {dtype: float32", "'2': {dtype: bfloat16"),
        lambda: write_text(Path("stages/train/__pycache__/code.pyc"), ""),
        lambda: write_text(Path("stages/train/.DS_Store"), ""),
        lambda: write_text(Path("stages/train/.code.py.swp"), ""),
        lambda: Path("stages/train/.#code.py").symlink_to("somebody@computer.1"),
        lambda: write_text(Path("stages/train/code.py~"), ""),
        lambda: write_text(Path("stages/train/~$code.docx"), ""),
        lambda: os.utime("stages/train/code.py", (9, 9)),
        lambda: write_text(Path("stages/other.py"), ""),
    ],
)
def test_what_dvc_does_not_count_may_change(edit):
    assert said(edit) == ""


def test_a_stage_that_dvc_does_not_know_may_run():
    assert said(replace("params.yaml", "0.002", "0.1"), stage="other") == ""
    Path("dvc.yaml").unlink()
    assert said(replace("params.yaml", "0.1", "0.002")) == ""


def test_code_that_was_edited_while_python_started_is_refused():
    """It may have been loaded before; what a clock dates to the future was not edited now."""
    os.utime("stages/train/code.py")
    now = time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("psutil.Process.create_time", lambda _: now - 5)
        with pytest.raises(UserError, match=r"edited while train_original started\n  stages/train/code\.py"):
            Used("train_original")
        os.utime("stages/train/code.py", (now + 900, now + 900))
        Used("train_original")
        os.utime("stages/train/code.py", (now - 9, now - 9))
        Used("train_original")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex("[a-z]+"), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_two_values_have_the_same_leaves_only_if_they_are_the_same(one, other):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert not same or dict(_leaves(one, "")) == dict(_leaves(other, ""))
    assert dict(_leaves([one], "")) != dict(_leaves([other, other], ""))


def test_what_is_watched_is_what_dvc_tracks(monkeypatch):
    monkeypatch.chdir(ROOT)
    stages = [stage for stage in Repo(ROOT).index.stages if hasattr(stage, "name")]
    assert len(stages) == 8
    for stage in stages:
        params = {dep.def_path: dep.read_params() for dep in stage.deps if isinstance(dep, ParamsDependency)}
        used = Used(stage.name)
        assert used._before.params == {
            file: dict(leaf for key, value in values.items() for leaf in _leaves(value, key))
            for file, values in params.items()
        }
        others = {dep.def_path for dep in stage.deps if not isinstance(dep, ParamsDependency)}
        assert {dep.as_posix() for dep in used._deps} == others
