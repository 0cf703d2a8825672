"""The real dvc.yaml under the real DVC, on the tiny Llama: what runs again, and what does not."""

import json
import sys

import pytest
import yaml

from tests.project import change_params, paste
from tests.tiny import ROOT, edit_yaml

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
TRAINING = {"train_original", "train_augmented"}


def test_status_is_clean_and_a_second_repro_runs_nothing(finished):
    assert finished.changed() == set()
    assert "Running stage" not in finished.dvc("repro")
    assert finished.git("status", "--porcelain") == ""


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


def correct_licence(folder):
    edit_yaml(folder / "models/bases.yaml", {"tiny": {"licence": "Apache-2.0", "may_be_passed_on": False}})


def correct_message(folder):
    for file in (folder / "stages/shell").glob("*.py"):
        file.write_text(file.read_text("utf-8") + "# a remark\n", "utf-8")


def paste_an_answer(folder):
    paste(folder, "claude/none/free-profile/02.md", '[{}, {"age": 3')


def touch_readme(folder):
    (folder / "README.md").write_text("Another word\n", "utf-8")


MODELS = {*TRAINING, "score", "generate"}
CHANGES = {
    "evaluate-param": (change_params(evaluate={"null_draws": 300}), {"evaluate"}),
    "generate-param": (change_params(generate={"temperature": 0.5}), {"generate", "report"}),
    "score-param": (change_params(score={"records_per_pack": 20}), {"score"}),
    "train.augmented": (change_params(train={"augmented": {"seed": 7}}), {"train_augmented"}),
    "train.original": (change_params(train={"original": {"seed": 7}}), {"train_original"}),
    "train.common": (change_params(train={"common": {"steps": 3}}), TRAINING),
    "prepare-param": (change_params(prepare={"seed": 87}), {"prepare"}),
    "asked-prompt": (ask_more, {"collect", "generate", "evaluate", "report"}),
    "collect-param": (change_params(collect={"sources": ["claude"]}), {"collect", "report"}),
    "pasted-answer": (paste_an_answer, {"collect"}),
    "training-prompt": (train_otherwise, {"prepare", "evaluate"}),
    "other-base": (change_other_base, set()),
    "own-base": (change_base, {*MODELS, "report"}),
    "licence": (correct_licence, {"report"}),
    "message": (correct_message, set()),
    "base": (change_params(base="my-llama"), {*MODELS, "evaluate", "report"}),
    "readme": (touch_readme, set()),
}


def test_only_what_changed_is_to_run_again(project):
    for name, (change, stages) in CHANGES.items():
        change(project.folder)
        assert project.changed() == stages, name
        project.git("checkout", "--", ".")
        project.git("clean", "--quiet", "--force", "data/external")


def test_a_pasted_answer_runs_only_collect_evaluate_and_report(project):
    paste_an_answer(project.folder)
    said = project.dvc("repro")
    ran = {stage for stage in STAGES if f"Running stage '{stage}'" in said}
    assert ran == {"collect", "evaluate", "report"}
    assert project.changed() == set()
    rows = (project.folder / "data/collected/completions.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["draw"] for row in rows] == [1, 2, 3]


def test_an_evaluate_param_runs_only_evaluate_and_report(project):
    change_params(evaluate={"null_draws": 300})(project.folder)
    said = project.dvc("repro")
    ran = {stage for stage in STAGES if f"Running stage '{stage}'" in said}
    assert "evaluate" in ran
    assert ran <= {"evaluate", "report"}
    assert project.changed() == set()


def test_constrained_arms_are_drawn_beside_and_change_no_other_number(project):
    generated = project.folder / "data/generated/completions.jsonl"
    free, metrics = generated.read_bytes(), (project.folder / "metrics/evaluate.json").read_bytes()
    change_params(generate={"constrained": True})(project.folder)
    said = project.dvc("repro")
    assert {stage for stage in STAGES if f"Running stage '{stage}'" in said} == {
        "generate",
        "evaluate",
        "report",
    }
    assert generated.read_bytes().startswith(free)
    rows = [json.loads(row) for row in generated.read_bytes()[len(free) :].splitlines()]
    assert len(rows) == len(free.splitlines())
    assert all(row["source"].endswith("+constrained") and row["text"].startswith('{"') for row in rows)
    assert (project.folder / "metrics/evaluate.json").read_bytes() == metrics
    page = (project.folder / "reports/report.html").read_text("utf-8")
    assert "drawn freely and under the schema" in page
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
