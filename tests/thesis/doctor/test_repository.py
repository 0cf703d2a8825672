"""git, DVC, remote, locks, and results of other versions."""

import json
import subprocess
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from stages.shell.runs import recorded
from thesis.doctor.project import Project
from thesis.doctor.repository import (
    Artifacts,
    _answers,
    _remote,
    check_versions,
    judge_artifacts,
    judge_versions,
)

KEPT = Artifacts(True, True, [], "thesis", "", [], [])


@pytest.mark.parametrize(
    ("change", "word", "part"),
    [
        ({"dvc": False}, "problem", "no DVC project"),
        ({"git": False}, "warning", "no git repository"),
        ({"remote": ""}, "warning", "no DVC remote"),
        ({"unreachable": "no such place"}, "warning", "cannot be reached: no such place"),
        ({"running": [12, 13]}, "warning", "process 12, 13"),
    ],
)
def test_what_is_wrong(change, word, part):
    wrong = [finding for finding in judge_artifacts(replace(KEPT, **change)) if finding.word != "ok"]
    assert [finding.word for finding in wrong] == [word]
    assert part in wrong[0].found
    assert wrong[0].remedy


def test_uncommitted_inputs_and_left_locks_are_told_but_fine():
    found = judge_artifacts(replace(KEPT, uncommitted=["params.yaml"], left=[9]))
    assert {finding.word for finding in found} == {"ok"}
    assert "not committed yet: params.yaml" in found[0].found


def test_a_remote_of_a_real_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)
    folder = tmp_path / ".dvc"
    folder.mkdir()
    assert _remote() == ("", "")
    for place, reached in ((tmp_path / "disk", True), (tmp_path / "unplugged" / "disk", False)):
        (folder / "config").write_text(f"[core]\n    remote = r\n['remote \"r\"']\n    url = {place}\n")
        name, reason = _remote()
        assert (name, not reason) == ("r", reached), reason
    (folder / "config").write_text(
        "[core]\n    remote = r\n['remote \"r\"']\n    url = http://127.0.0.1:9/\n"
    )
    assert "refused" in _remote()[1]


def test_a_web_server_that_lists_nothing_is_there():
    class Forbids(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_error(403)

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Forbids) as server:
        Thread(target=server.handle_request, daemon=True).start()
        _answers(f"http://127.0.0.1:{server.server_port}/artifacts")


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
