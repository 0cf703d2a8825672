"""Exports in the project, and answers in the wrong place."""

import subprocess

from thesis.doctor.answers import Exports, judge, judge_layout, look


def test_words():
    assert judge(Exports([], []))[0].word == "ok"
    assert judge(Exports(["a/conversations.json"], []))[0].word == "warning"
    assert judge(Exports(["a/conversations.json"], ["a/conversations.json"]))[0].word == "problem"


def test_exports_are_found_wherever_they_lie(tmp_path):
    for name in ("conversations-001.json", "deep/MyActivity.html", ".venv/conversations.json", "other.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("[]")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "conversations-001.json"], cwd=tmp_path, check=True)
    assert look(tmp_path) == Exports(
        ["conversations-001.json", "deep/MyActivity.html"], ["conversations-001.json"]
    )


def test_layout():
    assert judge_layout(3, [])[0].word == "ok"
    (only,) = judge_layout(3, ["a: unknown source", "b: no number"])
    assert only.word == "problem"
    assert "a: unknown source (and 1 more)" in only.found
