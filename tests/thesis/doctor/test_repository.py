"""git, DVC, remote, locks, and results of other versions."""

import json
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from stages.shell.runs import recorded
from thesis.doctor.project import Project
from thesis.doctor.repository import (
    _answers,
    _remote,
    check_versions,
    inputs,
    judge_versions,
    locks,
    remote,
)


@pytest.mark.parametrize(
    ("found", "word", "part"),
    [
        (inputs(True, False, []), "problem", "no DVC project"),
        (inputs(False, True, []), "warning", "no git repository"),
        (inputs(True, True, []), "ok", "inputs are committed"),
        (inputs(True, True, ["params.yaml"]), "ok", "not committed yet: params.yaml"),
        (remote("", ""), "warning", "no DVC remote of your own"),
        (remote("store", ""), "warning", "no DVC remote of your own"),
        (remote("thesis", "no such place"), "warning", "cannot be reached: no such place"),
        (remote("thesis", ""), "ok", "can be reached"),
    ],
)
def test_how_the_project_is_kept(found, word, part):
    assert (found.word, part in found.found, bool(found.remedy)) == (word, True, word != "ok")


def test_a_lock_that_was_left_is_fine_and_one_that_is_held_is_not(monkeypatch):
    assert locks([]) == []
    monkeypatch.setattr("psutil.pid_exists", lambda pid: pid != 9)
    (left,), (held,) = locks([9]), locks([9, 12, 13])
    assert (left.word, held.word) == ("ok", "warning")
    assert "process 12, 13" in held.found


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


def test_a_change_of_other_packages_is_reported_without_a_warning():
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
