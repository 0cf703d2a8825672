"""Which runs describe the present study."""

import hashlib
import json
import platform
from pathlib import Path

import pytest
import yaml

from stages.common.files import sha256_of
from stages.shell.current import seconds_before

HERE = f"{platform.system()} {platform.machine()}"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A run of `score` whose params, people and output are still there."""
    monkeypatch.chdir(tmp_path)
    for file, text in {
        "params.yaml": "base: b\nscore: {seed: 1}\n",
        "data/raw/a.json": "[]",
        "out": "x",
    }.items():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(text)
    md5 = hashlib.md5(b"[]").hexdigest()
    stages = {
        "prepare": {"deps": [{"path": "data/raw/a.json", "md5": md5}]},
        "score": {"params": {"params.yaml": {"base": "b", "score": {"seed": 1}}}},
    }
    Path("dvc.lock").write_text(yaml.safe_dump({"stages": stages}))
    run = {"seconds": 12.0, "system": HERE, "device": "cpu", "outputs": {"out": sha256_of(Path("out"))}}
    Path(".work/runs").mkdir(parents=True)
    Path(".work/runs/score.json").write_text(json.dumps(run))
    return run


def test_an_unchanged_run_is_current(project):
    assert seconds_before("cpu") == {"score": 12.0}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("params.yaml", "base: other\nscore: {seed: 1}\n"),
        ("params.yaml", "base: b\nscore: {seed: 2}\n"),
        ("data/raw/a.json", "[1]"),
        ("out", "y"),
        ("dvc.lock", "stages: {}"),
        ("dvc.lock", "["),
        (".work/runs/score.json", "{"),
        (".work/runs/score.json", "[]"),
    ],
)
def test_a_change_makes_it_another_study(project, file, text):
    Path(file).write_text(text)
    assert seconds_before("cpu") == {}


def test_another_device_or_system(project):
    assert seconds_before("mps") == {}
    Path(".work/runs/score.json").write_text(json.dumps(project | {"system": "Plan9 mips"}))
    assert seconds_before("cpu") == {}
