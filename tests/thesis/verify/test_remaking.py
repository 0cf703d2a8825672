"""Stages made again in a scratch clone. The whole of tier 2 is in tests/slow/test_verify_again.py."""

import platform
from pathlib import Path

import pytest

from stages.common.files import read_json, sha256_of, write_json
from stages.shell.runs import RECORDED, versions
from tests.thesis.verify.finished import edit
from thesis.verify.lock import Records
from thesis.verify.remaking.making import replaced
from thesis.verify.remaking.tier import _again
from thesis.verify.scratch import scratch_clone


def again(stage):
    root = Path.cwd()
    described = Records(root).described[stage]
    return [*_again(root, stage, [*described.carried, *described.kept])]


def test_what_is_made_again_is_the_same_and_the_artifacts_are_back(project):
    before = Path("data/prepared/original/train.jsonl").stat().st_ino
    found = again("prepare")
    assert [(one.what, one.is_same) for one in found] == [
        ("platform of the recorded run", None),
        ("data/prepared/original", True),
        ("data/prepared/augmented", True),
        ("data/prepared/rejected.jsonl", True),
        ("metrics/data.json", True),
    ]
    assert Path("data/prepared/original/train.jsonl").stat().st_ino == before


def test_a_forged_row_differs(project):
    edit("data/prepared/original/train.jsonl", "race", "Race")
    wrong = [one for one in again("prepare") if one.is_wrong]
    assert [one.what for one in wrong] == ["data/prepared/original/train.jsonl"]
    assert wrong[0].got.startswith("line 1: ")


def test_a_file_that_no_stage_makes_and_one_that_is_gone(project):
    Path("data/prepared/original/more.jsonl").touch()
    Path("data/prepared/augmented/test.jsonl").unlink()
    wrong = {one.what: one.got for one in again("prepare") if one.is_wrong}
    assert wrong == {
        "data/prepared/original/more.jsonl": "not made",
        "data/prepared/augmented/test.jsonl": "made, but not there before",
    }


def test_a_stage_that_fails_is_not_checked_and_says_why(project):
    Path("data/raw/original.json").unlink()
    _, failed = again("prepare")
    assert failed.is_open
    assert "data/raw/original.json" in failed.got


def test_losses_that_are_not_there(project):
    Path("data/scores/nll.jsonl").unlink()
    assert again("score")[-1].got == "data/scores/nll.jsonl is not there"


def record(**changes):
    """Record the run of prepare, as if it had been run here but for the changes."""
    run = {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions(),
        "lock_sha256": sha256_of(Path("requirements.lock")),
    }
    write_json(RECORDED / "prepare.json", run | changes)


def change_a_rate():
    """Change a number of data.json by less than the tolerance."""
    file = Path("metrics/data.json")
    content = read_json(file)
    content["original"]["null_rate"]["hours"] += 1e-10
    write_json(file, content)


def test_bytes_must_be_equal_on_the_platform_of_the_recorded_run(project):
    record()
    assert again("prepare")[0].is_same
    assert not [one for one in again("prepare") if one.is_wrong]
    change_a_rate()
    (only,) = [one for one in again("prepare") if one.is_wrong]
    assert (only.what, only.expected, only.seen["tolerance"]) == ("metrics/data.json", "the same bytes", 0)
    assert only.got == "1 number differs, by 1.0e-10 at most: on the platform of the recorded run"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"system": "Darwin arm64"}, platform.machine()),
        ({"python": "3.10.1"}, f"Python {platform.python_version()}"),
        ({"versions": versions() | {"numpy": "1.26.4"}}, f"numpy {versions()['numpy']}"),
        ({"lock_sha256": "0" * 64}, "another requirements.lock"),
        ({"versions": ["numpy"]}, "not recorded"),
        ({"python": None}, "not recorded"),
    ],
)
def test_numbers_may_differ_within_the_tolerance_on_another_platform(project, changes, told):
    record(**changes)
    change_a_rate()
    first, *others = again("prepare")
    assert first.is_note
    assert told in first.got
    assert first.got.endswith("numbers may differ within the tolerance")
    assert not [one for one in others if one.is_wrong]
    (close,) = [one for one in others if one.what == "metrics/data.json"]
    assert close.expected == "1 file: the same bytes, or numbers within the tolerance"
    assert close.got == "1 file: numbers differ in 1, by 1.0e-10 at most: within the tolerance"


def test_what_is_set_aside_comes_back_after_a_crash(project):
    text = Path("metrics/data.json").read_text("utf-8")
    try:
        with replaced(Path.cwd(), ["metrics/data.json", "data/prepared"]):
            Path("metrics/data.json").write_text("half", "utf-8")
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert Path("metrics/data.json").read_text("utf-8") == text
    assert Path("data/prepared/original/train.jsonl").exists()


def test_a_scratch_clone_is_whole_and_apart(project):
    Path("data/collected/completions.jsonl").chmod(0o444)  # as DVC protects linked artifacts
    Path("release/store").mkdir()
    Path("data/store").mkdir()
    Path(".git").mkdir()
    with scratch_clone(project) as clone:
        there = {path.name for path in clone.iterdir()}
        assert there >= {
            "data",
            "dvc.lock",
            "dvc.yaml",
            "metrics",
            "models",
            "params.yaml",
            "stages",
            ".dvcignore",
        }
        assert not there & {".git", ".dvc", ".work"}
        assert not (clone / "release/store").exists()
        assert (clone / "data/store").exists()  # a folder of the same name is no remote
        (clone / "data/collected/completions.jsonl").write_text("overwritten", "utf-8")
    assert not clone.exists()
    assert Path("data/collected/completions.jsonl").read_text("utf-8") != "overwritten"
