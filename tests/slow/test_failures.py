"""A stage that fails says why; `make restore` gives every output back."""

import json
import sys

import pytest

from tests.project import change_params
from tests.tiny import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def age_in_words(folder):
    path = folder / "data/raw/original.json"
    first, *others = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps([{**first, "age": "forty"}, *others]), "utf-8")


MISTAKES = {
    "prepare": (age_in_words, "record 1, age: 'forty' is not of type 'integer'"),
    "train_original": (
        change_params(train={"original": {"seed": "one"}}),
        "params.yaml: train.original: 1 mistake",
    ),
    "train_augmented": (
        change_params(train={"augmented": {"seed": "one"}}),
        "params.yaml: train.augmented: 1 mistake",
    ),
    "score": (change_params(score={"records_per_pack": 0}), "params.yaml: score: 1 mistake"),
    "generate": (change_params(generate={"max_new_tokens": 0}), "params.yaml: generate: 1 mistake"),
    "evaluate": (change_params(evaluate={"confidence": 2}), "params.yaml: evaluate: 1 mistake"),
}


@pytest.mark.parametrize(("stage", "make", "message"), [(s, *m) for s, m in MISTAKES.items()], ids=MISTAKES)
def test_a_failed_stage_says_why_and_loses_nothing(project, stage, make, message):
    before = project.results()
    make(project.folder)
    failed = project.run(sys.executable, "-m", "dvc", "repro")
    said = failed.stdout + failed.stderr
    assert failed.returncode != 0
    assert f"Running stage '{stage}'" in said
    assert message in said
    assert "Traceback" not in said
    assert project.results().keys() < before.keys()  # DVC deletes a stage's outputs before it runs
    restore(project)
    assert project.results() == before
    project.git("checkout", "--", "data/raw", "params.yaml")
    assert project.changed() == set()


def restore(project):
    """`make restore`, in the environment of the tests, which is taken for installed."""
    installed = f"{sys.prefix}/.installed"
    project.do("make", f"--file={ROOT}/Makefile", f"--old-file={installed}", f"ENV={sys.prefix}", "restore")
