"""A change of requirements.lock, which is no dep of any stage, is told."""

import json
from pathlib import Path

import pytest

from stages.shell.runs import recorded
from thesis.doctor.project import Project
from thesis.doctor.repository import check_versions, judge_versions

LOCK = Path("requirements.lock")


def run(torch="2.13.0+cpu", sha256="a"):
    return {"versions": {"torch": torch, "own": "1"}, "lock_sha256": sha256}


def test_the_same_versions():
    (only,) = judge_versions({"score": run()}, {"torch": "2.13.0"}, "a")
    assert (only.word, "were made with the versions" in only.found) == ("ok", True)


def test_nothing_ran():
    assert judge_versions({}, {"torch": "2.13.0"}, "a") == []


def test_another_version_names_package_stages_and_both():
    runs = {"score": run("2.12.0"), "generate": run("2.12.0"), "report": run()}
    (only,) = judge_versions(runs, {"torch": "2.13.0"}, "b")
    assert only.word == "warning"
    assert "score, generate: torch 2.12.0 (requirements.lock: 2.13.0)" in only.found
    assert "report" not in only.found


def test_a_change_of_other_packages_is_told_and_is_no_warning():
    (only,) = judge_versions({"score": run(), "report": run(sha256="b")}, {"torch": "2.13.0"}, "b")
    assert only.word == "ok"
    assert "requirements.lock has changed since score ran, in no package" in only.found


def test_a_record_from_before_the_lock_was_recorded():
    (only,) = judge_versions({"score": {"versions": {"torch": "2.13.0"}}}, {"torch": "2.13.0"}, "a")
    assert "has changed" not in only.found


@pytest.mark.parametrize("gone", [False, True])
def test_the_record_says_what_the_lock_said_and_the_doctor_that_it_changed(tmp_path, monkeypatch, gone):
    monkeypatch.chdir(tmp_path)
    LOCK.write_text("dvc==1.0\nother==1\n")
    with recorded("score", outputs=[]):
        pass
    record = json.loads(Path(".work/runs/score.json").read_text())
    assert record["locked"] == {"dvc": "1.0"}
    LOCK.write_text(f"dvc=={record['versions']['dvc']}\n" if gone else "dvc==1.0\nother==2\n")
    (only,) = check_versions(Project(False))
    assert only.word == ("ok" if gone else "warning")
    assert "score" in only.found
