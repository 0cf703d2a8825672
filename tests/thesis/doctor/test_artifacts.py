"""git, DVC, remote and locks."""

import subprocess
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from thesis.doctor.repository import Artifacts, _answers, _remote, judge_artifacts

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
