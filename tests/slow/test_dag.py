"""The real dvc.yaml under the real DVC, on the tiny Llama: what runs, what does not, what comes back."""

import json
import re
import shutil
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from tests.project import Project, make_project
from tests.tiny import ROOT, edit_yaml

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
WITHOUT_CODE = ("stages/__init__.py", "stages/common/__init__.py")
TRAINING = {"train_original", "train_augmented"}
SPY = """
import os, sys
folder, log = os.environ.get("SPY_FOLDER"), os.environ.get("SPY_LOG")
command = " ".join(sys.orig_argv[1:])
def spy(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        path = os.path.abspath(os.fsdecode(args[0]))
        if path.startswith(folder) and ".part" not in path:
            mode = "w" if (args[2] or 0) & (os.O_WRONLY | os.O_RDWR) else "r"
            if mode == "r" and not os.path.exists(path):
                return  # a name within an open folder, as rmtree opens it
            handle = os.open(log, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
            os.write(handle, f"{command}\\t{mode}\\t{path[len(folder):]}\\n".encode())
            os.close(handle)
if folder and command.startswith("-m stages."):
    sys.addaudithook(spy)
"""
"""A sitecustomize.py that logs every file that Python opens while a stage runs."""


@pytest.fixture(scope="module")
def llama(tiny_llama, tmp_path_factory):
    """A tiny Llama that a test of this module may take away."""
    return Path(shutil.copytree(tiny_llama, tmp_path_factory.mktemp("weights") / "llama"))


@pytest.fixture(scope="module")
def finished(llama, tmp_path_factory):
    """A project in which everything ran once, committed and pushed; tests copy it."""
    home = tmp_path_factory.mktemp("dag")
    project = make_project(home, llama)
    (project.folder / "README.md").write_text("A study\n", "utf-8")
    project.dvc("repro")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "A run")
    project.dvc("remote", "add", "--local", "--default", "folder", str(home / "remote"))
    project.dvc("push")
    return project


@pytest.fixture
def project(finished, tmp_path):
    return finished.copy(tmp_path / "project")


def test_status_is_clean_and_a_second_repro_runs_nothing(finished):
    assert finished.changed() == set()
    assert "Running stage" not in finished.dvc("repro")
    assert finished.git("status", "--porcelain") == ""


def change_params(**changes):
    return lambda folder: edit_yaml(folder / "params.yaml", changes)


def ask_more(folder):
    path = folder / "data/prompts.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    further = {"id": "further", "given": {}, "template": "Another one: {fields}"}
    edit_yaml(path, {"asked": [*content["asked"], further]})


def train_otherwise(folder):
    path = folder / "data/prompts.yaml"
    first, *others = yaml.safe_load(path.read_text("utf-8"))["training"]
    edit_yaml(path, {"training": [{**first, "share": 0.5}, *others]})


def change_other_base(folder):
    edit_yaml(folder / "models/bases.yaml", {"llama-2-7b": {"dtype": "float32"}})


def change_base(folder):
    edit_yaml(folder / "models/bases.yaml", {"tiny": {"template": "llama-2-chat"}})


def touch_readme(folder):
    (folder / "README.md").write_text("Another word\n", "utf-8")


MODELS = {*TRAINING, "score", "generate"}
CHANGES = {
    "evaluate-param": (change_params(evaluate={"null_draws": 300}), {"evaluate"}),
    "generate-param": (change_params(generate={"temperature": 0.5}), {"generate"}),
    "score-param": (change_params(score={"records_per_pack": 20}), {"score"}),
    "train.augmented": (change_params(train={"augmented": {"seed": 7}}), {"train_augmented"}),
    "train.original": (change_params(train={"original": {"seed": 7}}), {"train_original"}),
    "train.common": (change_params(train={"common": {"steps": 3}}), TRAINING),
    "prepare-param": (change_params(prepare={"seed": 87}), {"prepare"}),
    "asked-prompt": (ask_more, {"generate", "evaluate", "report"}),
    "training-prompt": (train_otherwise, {"prepare"}),
    "other-base": (change_other_base, set()),
    "own-base": (change_base, MODELS),
    "base": (change_params(base="my-llama"), {*MODELS, "report"}),
    "readme": (touch_readme, set()),
}


def test_only_what_changed_is_to_run_again(project):
    for name, (change, stages) in CHANGES.items():
        change(project.folder)
        assert project.changed() == stages, name
        project.git("checkout", "--", ".")


def test_an_evaluate_param_runs_evaluate_and_report_alone(project):
    change_params(evaluate={"null_draws": 300})(project.folder)
    said = project.dvc("repro")
    ran = {stage for stage in STAGES if f"Running stage '{stage}'" in said}
    assert "evaluate" in ran
    assert ran <= {"evaluate", "report"}
    assert project.changed() == set()


def test_a_new_augmented_row_leaves_the_original_arm_alone(project):
    people = project.people("augmented")
    project.write_people("augmented", [*people, {**people[0], "source_id": "acs12-9999"}])
    assert project.changed() == {"prepare"}
    project.dvc("repro", "prepare")
    assert "train_original" not in project.changed()
    assert project.changed() & {"train_augmented", "score"}


def test_a_twin_of_an_augmented_row_leaves_the_original_arm_alone(project):
    people = project.people("augmented")
    trained = project.folder / "data/prepared/augmented/train.jsonl"
    in_training = json.loads(trained.read_text("utf-8").split("\n")[0])["source_id"]
    twin = next(person for person in people if person["source_id"] == in_training)
    protected = {**twin, "gender": "male" if twin["gender"] == "female" else "female"}
    project.write_people("augmented", [*people, protected])
    edit_yaml(project.folder / "params.yaml", {"prepare": {"max_twins": {"augmented": 2}}})
    project.dvc("repro", "prepare")
    assert "train_augmented" in project.changed()
    assert "train_original" not in project.changed()


def test_a_base_with_a_dot_in_its_name_is_found(project):
    change_params(base="tinyllama-1.1b")(project.folder)
    done = project.run(sys.executable, "-m", "dvc", "status")
    assert done.returncode == 0, done.stderr
    assert {stage for stage in TRAINING if f"{stage}:" in done.stdout} == TRAINING
    assert "missing" not in (done.stdout + done.stderr).lower()


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


def test_a_failed_stage_loses_nothing_that_two_checkouts_do_not_bring_back(project):
    before = project.results()
    for stage, (make, message) in MISTAKES.items():
        make(project.folder)
        failed = project.run(sys.executable, "-m", "dvc", "repro")
        said = failed.stdout + failed.stderr
        assert failed.returncode != 0, stage
        assert f"Running stage '{stage}'" in said
        assert message in said
        assert "Traceback" not in said
        project.do("sh", "-c", "git checkout -q metrics reports && dvc checkout")
        assert project.results() == before, stage
        project.git("checkout", "--", "data/raw", "params.yaml")
        assert project.changed() == set()


def test_one_figure_shows_the_losses_of_both_conditions(project):
    project.dvc("plots", "show", "--out", "plots")
    page = (project.folder / "plots/index.html").read_text("utf-8")
    figures = re.findall(r"<script.*?</script>", page, re.DOTALL)
    both = ("loss_original.csv", "loss_augmented.csv")
    assert any(all(name in figure for name in both) for figure in figures)


@pytest.fixture(scope="module")
def forced(finished, tmp_path_factory):
    """A copy in which everything ran a second time, and what each command opened: (mode, path)."""
    home = tmp_path_factory.mktemp("forced")
    (home / "sitecustomize.py").write_text(SPY, "utf-8")
    project = finished.copy(home / "project")
    project.env = {
        **project.env,
        "PYTHONPATH": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SPY_FOLDER": f"{project.folder}/",
        "SPY_LOG": str(home / "opened.log"),
    }
    project.dvc("repro", "--force")
    opened = defaultdict(set)
    for line in (home / "opened.log").read_text("utf-8").splitlines():
        command, mode, path = line.split("\t")
        if "__pycache__" not in path:
            opened[f"python {command}"].add((mode, path))
    return project, opened


def test_a_forced_run_leaves_the_same_bytes(finished, forced):
    before, after = finished.results(), forced[0].results()
    assert any(name.endswith(".safetensors") for name in before)
    assert [name for name in before if after.get(name) != before[name]] == []
    assert before.keys() == after.keys()
    assert forced[0].changed() == set()


@pytest.mark.parametrize("stage", STAGES)
def test_every_file_that_a_stage_opens_is_listed(forced, stage):
    """The truth behind dvc.yaml; code of the environment lies elsewhere and is not looked at."""
    node = STAGES[stage]
    entries = [entry for kind in ("outs", "metrics", "plots") for entry in node.get(kind, [])]
    outs = [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]
    params = [next(iter(entry)) for entry in node.get("params", []) if isinstance(entry, dict)]
    read = [*node["deps"], *params, *outs, "params.yaml", "dvc.yaml", ".work", *WITHOUT_CODE]
    opened = forced[1][node["cmd"]]
    assert {path for mode, path in opened if mode == "r" and not within(path, read)} == set()
    written = {path for mode, path in opened if mode == "w" and not within(path, [*outs, ".work"])}
    assert written == set()
    data = [dep for dep in node["deps"] if not dep.startswith("stages/")]
    assert [dep for dep in data if not any(within(path, [dep]) for _, path in opened)] == []


def within(path, places):
    return any(path == place or path.startswith(f"{place}/") for place in places)


def test_a_pulled_clone_is_clean_without_any_weights(finished, llama, tmp_path):
    finished.git("clone", "--quiet", str(finished.folder), str(tmp_path / "clone"))
    clone = Project(tmp_path / "clone", {"THESIS_CACHE": str(tmp_path / "empty")})
    remote = (finished.folder / ".dvc/config.local").read_text("utf-8")
    (clone.folder / ".dvc/config.local").write_text(remote, "utf-8")
    llama.rename(llama.with_name("away"))
    try:
        clone.dvc("pull")
        assert clone.changed() == set()
        assert "Running stage" not in clone.dvc("repro")
        assert clone.results() == finished.results()
    finally:
        llama.with_name("away").rename(llama)
    assert not (tmp_path / "empty").exists()
