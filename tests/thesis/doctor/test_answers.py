"""Exports in the project, and answers in the wrong place."""

import subprocess
from types import SimpleNamespace
from typing import Any

from thesis.doctor.answers import Exports, check, judge, judge_answers, look


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
    assert judge_answers(3, [])[0].word == "ok"
    (only,) = judge_answers(3, ["a: unknown source", "b: no number"])
    assert only.word == "problem"
    assert "a: unknown source (and 1 more)" in only.found


def test_a_slip_in_a_header_is_found_as_collect_finds_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = tmp_path / "data/external/claude/none/p/01.md"
    answer.parent.mkdir(parents=True)
    answer.write_text("---\nmodle: x\n---\n{}", encoding="utf-8")
    study: Any = SimpleNamespace(collect=SimpleNamespace(sources=["claude"]), asked=[SimpleNamespace(id="p")])
    assert "01.md: header, modle: unknown key" in check(study)[-1].found
