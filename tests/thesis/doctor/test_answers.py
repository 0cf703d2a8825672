"""Exports in the project, and answers in the wrong place."""

import subprocess
from types import SimpleNamespace
from typing import Any

from thesis.doctor.answers import check, check_exports, judge_pasted


def test_exports_are_found_wherever_they_lie(tmp_path):
    assert check_exports(tmp_path).word == "ok"
    for name in ("conversations-001.json", "deep/MyActivity.html", ".venv/conversations.json", "other.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("[]")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    found = check_exports(tmp_path)
    assert found.word == "warning"
    assert found.found.endswith(": conversations-001.json, deep/MyActivity.html")
    subprocess.run(["git", "add", "conversations-001.json"], cwd=tmp_path, check=True)
    found = check_exports(tmp_path)
    assert (found.word, found.found) == ("problem", "a private chat export is in git: conversations-001.json")


def test_layout():
    assert judge_pasted(3, [])[0].word == "ok"
    (only,) = judge_pasted(3, ["a: unknown source", "b: no number"])
    assert only.word == "problem"
    assert "a: unknown source (and 1 more)" in only.found


def test_a_typo_in_a_header_is_found_as_collect_finds_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = tmp_path / "data/external/claude/none/p/01.md"
    answer.parent.mkdir(parents=True)
    answer.write_text("---\nmodle: x\n---\n{}", encoding="utf-8")
    study: Any = SimpleNamespace(collect=SimpleNamespace(sources=["claude"]), asked=[SimpleNamespace(id="p")])
    assert "01.md: header, modle: unknown key" in check(study)[-1].found
