"""Stages made again in a scratch clone. The whole of tier 2 is in tests/slow/test_verify_again.py."""

from pathlib import Path

from tests.thesis.verify.finished import edit
from thesis.verify.lock import Records
from thesis.verify.remaking.making import set_aside
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
    (only,) = again("prepare")
    assert only.is_open
    assert "data/raw/original.json" in only.got


def test_losses_that_are_not_there(project):
    Path("data/scores/nll.jsonl").unlink()
    (only,) = again("score")
    assert only.got == "data/scores/nll.jsonl is not there"


def test_what_is_set_aside_comes_back_after_a_crash(project):
    text = Path("metrics/data.json").read_text("utf-8")
    try:
        with set_aside(Path.cwd(), ["metrics/data.json", "data/prepared"]):
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
