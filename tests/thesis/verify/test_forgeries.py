"""Every kind of forgery that tier 1 can catch, each by the check that must catch it.

A forger who can edit a file can also write its new hash into dvc.lock and the manifest. So where it
says `release()`, the forged files and all records agree, and the chain itself must tell.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.thesis.verify.finished import (
    change_json,
    edit,
    release,
    relock,
    rows,
    write_completions,
    write_rows,
)
from tests.tiny import edit_yaml
from thesis.verify.belonging.store import OBJECTS
from thesis.verify.belonging.tier import tier
from thesis.verify.hashing import Hasher, folder_object
from thesis.verify.lock import Records
from thesis.verify.outcome import Outcome
from thesis.verify.scratch import scratch_clone
from thesis.verify.statement import MANIFEST

COMPLETIONS = "data/generated/completions.jsonl"
LOSSES = "data/scores/nll.jsonl"
LOCKED = [
    "prepare", "collect", "train_original", "train_augmented", "score", "generate", "evaluate", "report",
]  # fmt: skip
ORIGINAL, AUGMENTED = "models/adapters/original", "models/adapters/augmented"


def findings():
    return [*tier().check(Path.cwd())]


def wrong():
    """(stage, what, got) of each finding that fails."""
    return [(one.stage, one.what, one.got) for one in findings() if one.is_wrong]


def told(among, stage, what, got=""):
    """Whether a finding of this stage fails, by parts of its texts."""
    return any(one[0] == stage and what in one[1] and got in one[2] for one in among)


def stages_of(among):
    return {stage for stage, _, _ in among}


def test_a_released_project_is_the_same(project):
    found = findings()
    assert [one for one in found if one.is_wrong or one.is_open] == []
    assert Outcome(tier(), found, 0.0).verdict == "same"
    assert {one.stage for one in found} >= {
        "prepare",
        "collect",
        "train_original",
        "score",
        "generate",
        "report",
    }


def test_an_edit_of_the_same_size_and_time(project):
    edit("metrics/evaluate.json", "0.5", "0.9")
    found = wrong()
    assert told(found, "evaluate", "outputs: metrics/evaluate.json", "tampered")
    assert told(found, "manifest", "metrics/evaluate.json", "tampered")


def test_an_edit_within_a_folder_names_the_file(project):
    edit(f"{ORIGINAL}/adapter_model.safetensors", "original", "ORIGINAL")
    found = wrong()
    assert told(found, "train_original", f"outputs: {ORIGINAL}/adapter_model.safetensors", "tampered")
    assert told(found, "score", ORIGINAL, "as told above")
    assert told(found, "generate", "adapter of each completion", f"{len(of('tiny+lora', 'original'))} differ")


def of(source, condition):
    return [row for row in rows(COMPLETIONS) if (row["source"], row["condition"]) == (source, condition)]


def test_swapped_adapters_although_every_record_was_made_new(project):
    Path(ORIGINAL).rename("models/adapters/third")
    Path(AUGMENTED).rename(ORIGINAL)
    Path("models/adapters/third").rename(AUGMENTED)
    release()
    found = wrong()
    assert told(found, "train_original", "condition of the adapter", "augmented")
    assert told(found, "train_original", "train.jsonl, by the adapter")
    assert told(found, "generate", "adapter of each completion", "12 differ")
    assert stages_of(found) == {"train_original", "train_augmented", "generate"}


def test_an_adapter_that_names_no_data(project):
    file = Path(ORIGINAL) / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"data_sha256": {}}), "utf-8")
    release()
    assert told(wrong(), "train_original", "splits that the adapter names", "[]")


def test_a_changed_param(project):
    edit_yaml(Path("params.yaml"), {"evaluate": {"confidence": 0.9}})
    found = wrong()
    assert told(found, "evaluate", "param evaluate.confidence of params.yaml", "0.9")


@pytest.mark.parametrize(
    ("change", "stage", "what"),
    [
        ({"train": {"common": {"steps": 60}}}, "train_original", "params, by the adapter: common.steps"),
        ({"train": {"augmented": {"seed": 2}}}, "train_augmented", "params, by the adapter: seed"),
        ({"generate": {"seed": 2}}, "generate", "seeds, derived again"),
        ({"generate": {"draws": 3}}, "generate", "completions of every arm, prompt and draw"),
        ({"generate": {"max_new_tokens": 2}}, "generate", "lengths of receipts"),
        ({"prepare": {"seed": 87}}, "prepare", "splits of"),
    ],
)
def test_a_changed_param_that_was_recorded_too(project, change, stage, what):
    edit_yaml(Path("params.yaml"), change)
    release()
    found = wrong()
    assert told(found, stage, what)


def test_a_word_without_quotes_is_another_value(project):
    """`dvc exp run -S` drops the quotes of "yes", and YAML then reads a boolean in DVC, text in the code."""
    text = Path("dvc.lock").read_text("utf-8")
    assert "level: 'yes'" in text
    Path("dvc.lock").write_text(text.replace("level: 'yes'", "level: true"), "utf-8")
    found = wrong()
    assert told(found, "evaluate", "param evaluate.contrasts")


def test_a_changed_seed(project):
    content = rows(COMPLETIONS)
    content[3]["seed"] += 1
    write_rows(COMPLETIONS, content)
    release()
    found = wrong()
    assert told(found, "generate", "seeds, derived again", "1 differ: ")
    assert stages_of(found) == {"generate"}


@pytest.mark.parametrize(
    ("path", "stage", "what"),
    [
        (COMPLETIONS, "generate", "completions of every arm"),
        (LOSSES, "score", "losses of every held-out person"),
        ("data/evaluated/profiles.jsonl", "evaluate", "profiles of every completion"),
        ("data/prepared/original/train.jsonl", "prepare", "people of original"),
    ],
)
@pytest.mark.parametrize("doing", ["removed", "doubled"])
def test_a_row_removed_or_doubled(project, path, stage, what, doing):
    content = rows(path)
    write_rows(path, content[1:] if doing == "removed" else [content[0], *content])
    release()
    found = wrong()
    assert told(found, stage, what)


def test_a_person_moved_to_another_split(project):
    test, train = ("data/prepared/original/test.jsonl", "data/prepared/original/train.jsonl")
    moved, *kept = rows(test)
    first, *others = rows(train)
    write_rows(test, [first, *kept])
    write_rows(train, [moved, *others])
    release()
    found = wrong()
    assert told(found, "prepare", "splits of", moved["source_id"])
    assert told(found, "train_original", "train.jsonl, by the adapter")


def test_a_loss_that_is_not_the_sum_of_its_fields(project):
    content = rows(LOSSES)
    content[0]["nll"] = 3.4
    write_rows(LOSSES, content)
    release()
    found = wrong()
    assert told(found, "score", "losses as sums", "1 differ")


def test_an_unlisted_file(project):
    Path("metrics/tables/invented.csv").write_text("arm,n\n", "utf-8")
    found = wrong()
    assert told(found, "evaluate", "outputs: metrics/tables/invented.csv", "not listed in its folder")
    assert told(found, "manifest", "unlisted files", "metrics/tables/invented.csv")


def test_an_unlisted_file_outside_of_every_output(project):
    Path("data/raw/third.json").write_text("[]", "utf-8")
    assert wrong() == [
        ("manifest", "unlisted files in data, metrics, models, reports, stages", "data/raw/third.json")
    ]


@pytest.mark.parametrize("name", ["jinja2.py", "scipy/__init__.py", "numpy.abi3.so", "yaml.pyc"])
def test_unlisted_code_that_would_run_instead_of_a_package(project, name):
    for other in (".venv/lib/a.py", ".work/b.py", "build/lib/c.py", name):
        Path(other).parent.mkdir(parents=True, exist_ok=True)
        Path(other).write_text("print('forged')\n", "utf-8")
    first = Path(name).parts[0]
    told_of = f"{first} (move it away: Python would import it first)"
    assert wrong() == [("manifest", "unlisted code in the project's own folder", told_of)]
    with scratch_clone(project) as clone:
        assert not (clone / first).exists()


def test_a_missing_file(project):
    Path("metrics/tables/outside.csv").unlink()
    Path("data/lexicon.yaml").unlink()
    found = wrong()
    assert told(found, "evaluate", "outputs: metrics/tables/outside.csv", "missing")
    assert told(found, "evaluate", "inputs: data/lexicon.yaml", "missing")
    assert told(found, "manifest", "data/lexicon.yaml", "missing")


def test_artifacts_that_were_not_pulled(project):
    for folder in ("data/generated", "models/adapters", "data/prepared", "data/scores", "reports/figures"):
        shutil.rmtree(folder)
    found = findings()
    assert [one for one in found if one.is_wrong] == []
    assert Outcome(tier(), found, 0.0).verdict == "not checked"
    named = {one.what for one in found if one.is_open and "not pulled" in one.got}
    assert f"outputs: {COMPLETIONS}" in named
    assert f"{ORIGINAL}/manifest.json" in named  # by the manifest


def git(*words):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], check=True, capture_output=True
    )


def commit():
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "A state")


@pytest.mark.parametrize("path", ["stages/evaluate/headline.py", "metrics/evaluate.json"])
def test_a_file_as_in_git_says_that_the_records_are_old(project, path):
    Path(path).write_text(Path(path).read_text("utf-8").replace("e", "E"), "utf-8")
    commit()
    found = wrong()
    assert told(found, "manifest", path, "release/manifest.json is older than this commit: run make release")
    assert told(found, "evaluate", path, "dvc.lock is older than this commit: run dvc repro")
    assert len([got for _, what, got in found if got.endswith(f"meant to change it: git log -- {path}")]) >= 2
    assert not [one for one in found if "tampered" in one[2]]


def test_a_file_that_is_neither_as_in_git_nor_as_recorded_is_tampered(project):
    commit()
    edit("metrics/evaluate.json", "0.5", "0.9")  # git status would not see it
    edit(COMPLETIONS, "tiny", "Tiny")
    found = wrong()
    for path, command in (("metrics/evaluate.json", "git checkout"), (COMPLETIONS, "dvc checkout --force")):
        own = [got for _, what, got in found if path in what and "tampered" in got]
        assert len(own) == 2
        assert all(got.endswith(f"(if you changed it yourself: {command} {path})") for got in own)


def test_a_record_that_was_edited_by_hand_is_not_called_old(project):
    commit()
    text = MANIFEST.read_text("utf-8")
    digest = json.loads(text)["predicate"]["resources"][0]["digest"]
    MANIFEST.write_text(text.replace(digest, "0" * 64), "utf-8")
    assert told(
        wrong(), "manifest", "files in git: ", "release/manifest.json is not the committed one: git checkout"
    )


def test_an_object_of_the_store_is_named_by_its_artifact(project):
    hasher, objects = Hasher(project), {}
    for stage in Records(project).locked.values():
        for path, md5 in stage.outs.items():
            if md5.endswith(".dir"):
                objects[md5] = folder_object(hasher.listing(path))
                objects |= {
                    one: (project / path / name).read_bytes() for name, one in hasher.listing(path).items()
                }
            else:
                objects[md5] = (project / path).read_bytes()
    for md5, content in objects.items():
        (project / OBJECTS / md5[:2]).mkdir(parents=True, exist_ok=True)
        (project / OBJECTS / md5[:2] / md5[2:]).write_bytes(content)
    assert wrong() == []
    damaged = hasher.of(f"{ORIGINAL}/adapter_model.safetensors").md5
    lacking = hasher.of(COMPLETIONS).md5
    (project / OBJECTS / damaged[:2] / damaged[2:]).write_bytes(b"other")
    (project / OBJECTS / lacking[:2] / lacking[2:]).unlink()
    found = wrong()
    place = f"{OBJECTS.as_posix()}/{damaged[:2]}/{damaged[2:]}"
    assert told(found, "store", "objects", f"tampered: {ORIGINAL}/adapter_model.safetensors ({place})")
    assert told(found, "store", "objects of dvc.lock", f"{COMPLETIONS} ({lacking})")


def test_findings_come_stage_by_stage_as_soon_as_they_are_known(project, monkeypatch):
    asked: list[str] = []

    def evaluated():
        asked.append("evaluate")
        return iter(())

    monkeypatch.setattr("thesis.verify.belonging.rows.evaluated", evaluated)
    stages: list[str] = []
    for one in tier().check(project):
        stages += [one.stage] * (one.stage not in stages[-1:])
        assert ("evaluate" in asked) <= (stages[-1] in ("evaluate", "report", "base", "versions", "orphans"))
    assert len(stages) == len({*stages})
    assert [one for one in stages if one in LOCKED] == LOCKED


def test_edited_code(project):
    edit("stages/evaluate/headline.py", "def ", "dfe ")
    found = wrong()
    assert told(found, "evaluate", "code: stages/evaluate/headline.py", "tampered")


def test_an_output_taken_off_the_record(project):
    text = Path("dvc.lock").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if "- path: metrics/evaluate.json" in line)
    Path("dvc.lock").write_text("".join([*lines[:first], *lines[first + 2 :]]), "utf-8")
    found = wrong()
    assert told(found, "evaluate", "outputs", "without metrics/evaluate.json")


def test_a_stage_that_read_something_else_than_was_written(project):
    """Not even the files are needed for it."""
    text = Path("dvc.lock").read_text("utf-8")
    before, after = text.rsplit(f"- path: {COMPLETIONS}\n", 1)
    other = after.replace(after.split("md5: ")[1][:32], "0" * 32, 1)
    Path("dvc.lock").write_text(f"{before}- path: {COMPLETIONS}\n{other}", "utf-8")
    found = wrong()
    assert told(found, "report", "outputs it read", COMPLETIONS)


def test_a_manifest_whose_root_digest_is_another_release(project):
    text = MANIFEST.read_text("utf-8")
    root = text.split('"sha256": "')[1][:64]
    MANIFEST.write_text(text.replace(root, "0" * 64), "utf-8")
    assert wrong()[0][:2] == ("manifest", "root digest")


def test_a_manifest_of_another_form(project):
    change_json("release/manifest.json", predicateType="https://example.org/v2")
    found = wrong()
    assert told(found, "manifest", "its form", "predicateType is 'https://example.org/v2'")


def test_no_manifest(project):
    MANIFEST.unlink()
    assert [(one.stage, one.got) for one in findings() if one.is_open] == [
        ("manifest", "there is no release/manifest.json: this is no release (make release writes it)")
    ]


def test_files_that_cannot_be_read_stop_no_other_check(project):
    Path(COMPLETIONS).write_text('{"source": 1}\n', "utf-8")
    Path("data/evaluated/profiles.jsonl").write_text("not JSON\n", "utf-8")
    edit(f"{AUGMENTED}/adapter_model.safetensors", "augmented", "Augmented")
    relock()
    found = wrong()
    assert told(found, "generate", "files of the form")
    assert told(found, "manifest", f"{AUGMENTED}/adapter_model.safetensors", "tampered")
    assert told(found, "evaluate", "files of the form", COMPLETIONS)
    assert not [got for stage, _, got in found if "dvc repro" in got]  # it would replace what is checked


def test_what_code_trips_over_is_told_with_what_to_do(project):
    file = Path(ORIGINAL) / "manifest.json"
    content = json.loads(file.read_text("utf-8"))
    del content["condition"]
    file.write_text(json.dumps(content), "utf-8")
    assert told(wrong(), "train_original", "files of the form", "KeyError: 'condition'. A file that it reads")


def test_merge_marks_in_the_lock(project):
    text = Path("dvc.lock").read_text("utf-8")
    Path("dvc.lock").write_text(f"<<<<<<< HEAD\n{text}", "utf-8")
    found = wrong()
    assert told(found, "pipeline", "files of the form", "a merge was not finished")


def test_a_folder_of_the_base_that_has_changed(project, tiny_llama, tmp_path):
    other = shutil.copytree(tiny_llama, tmp_path / "other")
    (other / "extra.json").write_text("{}", "utf-8")
    edit_yaml(Path("models/bases.yaml"), {"tiny": {"origin": {"path": str(other)}}})
    release()
    found = wrong()
    assert told(found, "base", "what models/adapters/original was trained on")


@pytest.mark.parametrize(
    "part", [".dvc.lock.abc.part", "data/generated/.completions.jsonl.abc.part", "stages/.a.py.x.part"]
)
def test_parts_and_half_finished_runs_are_notes(project, part):
    Path(part).write_text("{", "utf-8")
    Path(".work/train_original/0123/checkpoint-1").mkdir(parents=True)
    found = {one.what: one for one in findings() if one.stage == "orphans"}
    assert wrong() == []
    assert [one.got for one in found.values() if not one.is_same] == [
        ".work/train_original/0123",
        part,
    ]


def test_completions_of_other_prompts(project):
    edit_yaml(Path("data/prompts.yaml"), {"asked": [{"id": "else", "given": {}, "template": "{fields}"}]})
    write_completions()
    release()
    assert wrong() == []
    text = Path("data/prompts.yaml").read_text("utf-8")
    Path("data/prompts.yaml").write_text(text.replace("id: else", "id: more"), "utf-8")
    release()
    found = wrong()
    assert told(found, "generate", "completions of every arm, prompt and draw", "lacking: tiny/none more 1")
