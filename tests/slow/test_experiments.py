"""What DVC records is what was used: experiments with `-S`, queued ones, and edits while a stage runs.

Each of DVC's views of an experiment can be read, and so can `thesis diff`.
"""

import csv
import io
import json
import shutil
import sys

import pytest

from stages.common.params import read_yaml
from tests.common.test_yaml import SET
from tests.project import change_params, make_project
from tests.tiny import TINY_PARAMS, edit_yaml, tiny_base

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def project(tiny_llama, tmp_path_factory):
    """A committed project in which nothing ran: a queued experiment sees only what is committed."""
    project = make_project(tmp_path_factory.mktemp("experiments"), tiny_llama)
    (project.folder / "README.md").write_text("A study\n", "utf-8")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "A start")
    return project


def at(content, key):
    for part in key.split("."):
        content = content[part]
    return content


def test_an_edit_while_a_stage_runs_is_not_recorded(project):
    change_params(train={"common": {"steps": 300, "evaluate_every": 100}})(project.folder)
    with project.start(sys.executable, "-m", "dvc", "repro", "train_original") as running:
        told = next(line for line in running.stderr if "train_original: 300 steps" in line)
        change_params(train={"common": {"learning_rate": 0.1}})(project.folder)
        told += running.communicate()[1]
    assert running.returncode != 0
    assert "params.yaml: train.common.learning_rate was 0.002 and is 0.1" in told
    assert "train_original" not in read_yaml(project.folder / "dvc.lock")["stages"]
    assert "train_original" in project.changed()
    project.git("checkout", "--", "params.yaml")
    edit_yaml(project.folder / "params.yaml", TINY_PARAMS)


def test_an_experiment_sets_a_param_of_every_section_and_is_recorded_as_it_ran(project):
    given = {f"{section}.{key}": value for section, (key, value) in SET.items()}
    given |= {"evaluate.null_draws": 300}
    project.dvc("exp", "run", *(word for key, value in given.items() for word in ("-S", f"{key}={value}")))
    params = read_yaml(project.folder / "params.yaml")
    stages = read_yaml(project.folder / "dvc.lock")["stages"]
    assert len(stages) == 8
    assert {key: at(params, key) for key in given} == given
    for stage in stages.values():
        for key, value in stage["params"].get("params.yaml", {}).items():
            assert value == at(params, key)
    assert project.changed() == set()


def test_a_queued_experiment_reruns_evaluate(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    project.dvc("exp", "run", "--queue", "--name", "narrow", "-S", "evaluate.confidence=0.9")
    said = project.dvc("exp", "run", "--run-all", "--jobs", "1")
    assert "Failed" not in project.dvc("queue", "status"), said
    assert project.git("status", "--porcelain") == ""
    shown = shown_experiments(project)
    assert shown["narrow"]["evaluate.confidence"] == "0.9"
    assert compared(project, "HEAD", "narrow")["differing"]["params"] == {"evaluate.confidence": [0.95, 0.9]}
    assert "evaluate.confidence  0.95    0.9" in project.dvc("params", "diff", "HEAD", "narrow")
    assert project.dvc("metrics", "diff", "HEAD", "narrow") == ""


def test_another_base_and_rank_can_be_read_in_every_view(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    other = shutil.copytree(weights_of(project), tmp_path / "other")
    edit_yaml(project.folder / "models/bases.yaml", {"other": tiny_base(other)})
    project.git("commit", "--quiet", "--all", "--message", "Another base")
    project.dvc("exp", "run", "--name", "wide", "-S", "base=other", "-S", "train.common.lora.rank=4")
    shown = shown_experiments(project)
    assert (shown["wide"]["base"], shown["wide"]["train.common.lora.rank"]) == ("other", "4")
    params = project.dvc("params", "diff")
    assert all(word in params for word in ("base", "tiny", "other", "train.common.lora.rank", "16", "4"))
    numbers = project.dvc("metrics", "diff", "--all")
    assert "valid.orig" in numbers
    assert "loss.orig" in numbers
    assert {line.split()[0] for line in numbers.splitlines()[1:]} == {"metrics/evaluate.json"}
    project.dvc("plots", "diff", "HEAD", "--out", "plots")
    page = (project.folder / "plots/index.html").read_text("utf-8")
    assert "workspace" in page
    assert "HEAD" in page
    found = compared(project)
    assert found["differing"]["base"] == ["tiny", "other"]
    assert found["differing"]["params"]["train.common.lora.rank"] == [16, 4]
    assert "only in one" not in {one["verdict"] for one in found["numbers"]}


def shown_experiments(project):
    """The rows of `dvc exp show` by name."""
    table = csv.DictReader(io.StringIO(project.dvc("exp", "show", "--csv")))
    return {row["Experiment"] or row["rev"]: row for row in table}


def compared(project, *revisions):
    return json.loads(project.do(sys.executable, "-m", "thesis", "diff", *revisions, "--json"))


def weights_of(project):
    """The folder with the weights of the project's base."""
    bases = read_yaml(project.folder / "models/bases.yaml")
    return bases["tiny"]["origin"]["path"]
