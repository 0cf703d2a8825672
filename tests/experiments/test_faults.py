"""The plan of the faults, and what counts as survived; the faults themselves: tests/slow/test_faults.py."""

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experiments.faults.edits import EDITS, _in_conflict, _split, tampered
from experiments.faults.kills import SIGNALS, TARGETS, kills
from experiments.faults.outcomes import Outcome, after_repro, counts, of_commit, summary
from experiments.faults.scratch import Project
from stages.common.files import read_json
from tests.tiny import ROOT

RESULT = ROOT / "metrics/faults.json"
STAGES = [f"stage-{n}" for n in range(8)]
LOCK = """schema: '2.0'
stages:
  prepare:
    cmd: python -m stages.prepare
    deps:
    - path: a
      md5: 0cc175b9c0f1b6a831c399e269772661
    outs:
    - path: b
      md5: 92eb5ffee6ae2fec3ad71c777531578f
  report:
    cmd: python -m stages.report
"""


def test_kills_reach_every_stage_with_every_signal_at_every_target() -> None:
    plan = kills(STAGES, 45, seed=16)
    assert len(plan) == 45
    assert set(Counter(kill.stage for kill in plan).values()) == {5, 6}
    assert Counter((kill.number, kill.target) for kill in plan) == {
        (number, target): 5 for number in SIGNALS for target in TARGETS
    }
    assert len({(kill.stage, kill.kind) for kill in plan}) == 45
    assert all(0 < kill.moment < 1 for kill in plan)
    assert not any(kill.once_kept for kill in plan)  # none of these stages keeps anything
    keeping = [kill for kill in kills([*STAGES[:7], "generate"], 45, seed=16) if kill.stage == "generate"]
    assert [kill.once_kept for kill in keeping] == [False, True, True, False, True]


def test_the_same_seed_gives_the_same_kills() -> None:
    assert kills(STAGES, 9, seed=1) == kills(STAGES, 9, seed=1) != kills(STAGES, 9, seed=2)


def test_counts_add_up() -> None:
    found = [Outcome("a", "x"), Outcome("a", "y", ["z differs"]), Outcome("b", "x", continued=True)]
    assert counts(found) == {
        "a": {"faults": 2, "survived": 1, "lost": 1, "continued": 0},
        "b": {"faults": 1, "survived": 1, "lost": 0, "continued": 1},
    }
    known = {"b": {"faults": 9, "survived": 0, "lost": 9, "continued": 0}, "c": counts(found)["b"]}
    assert (written := summary(found, {"seed": 1}, "1" * 40, known))["all"] == {
        "faults": 4, "survived": 3, "lost": 1, "continued": 2,
    }  # fmt: skip
    assert [row.get("commit") for row in written["kinds"].values()] == ["1" * 40, None, "1" * 40]


def test_counts_of_another_commit_are_not_mixed_in() -> None:
    row = {"faults": 1, "survived": 1, "lost": 0, "continued": 0}
    known: dict[str, dict[str, Any]] = {"a": {**row, "commit": "1"}, "b": {**row, "commit": "2"}, "c": row}
    kept, told = of_commit(known, "1")
    assert [*kept] == ["a", "c"]
    assert told == ["kept, of an unknown commit: c", "dropped, of another commit: b"]


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_changes_one_entry_of_the_lock(what: str) -> None:
    head, part, tail = _split(LOCK, "prepare")
    edited = EDITS[what](part, random.Random(1))
    assert head + part + tail == LOCK
    assert tail.startswith("  report:")
    assert (
        sum(old != new for old, new in zip(part, edited, strict=True)) == 1 if edited else "removed" in what
    )


def test_markers_are_those_of_git() -> None:
    lines = _in_conflict("  a:\n    cmd: x\n").splitlines()
    assert [line[:7] for line in lines if line[0] in "<=>"] == ["<" * 7, "=" * 7, ">" * 7]


def test_files_that_verify_calls_tampered(tmp_path: Path) -> None:
    rows = [
        ("outputs: data/scores/nll.jsonl", "tampered: 92eb"),
        ("inputs: data/scores/nll.jsonl", "92eb, as told above"),
        ("data/scores/nll.jsonl", "tampered: 3e23"),  # against the manifest
        ("outputs", "2 as in dvc.lock"),
        ("outputs: reports", "not pulled (make pull, or: dvc pull)"),
    ]
    project = Stub(tmp_path, {})
    project.words = json.dumps({"tiers": [{"findings": [{"what": what, "got": got} for what, got in rows]}]})
    assert tampered(project) == {"data/scores/nll.jsonl"}


class Stub(Project):
    """A project whose dvc does what it is told."""

    code, words = 0, ""

    def dvc(self, *words: str) -> int:
        return self.code

    def run(self, *command: str, before: Callable[[], None] | None = None) -> int:
        return self.code

    def said(self) -> str:
        return self.words


def test_survived_means_the_same_bytes_and_nothing_beside_them(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics/score.json").write_text("1")
    project = Stub(tmp_path, {})
    undisturbed = project.results()
    project.words = "The stage continues: 2 of 3 batches are done"
    assert after_repro(project, undisturbed, "a", "b") == Outcome("a", "b", [], continued=True)
    (tmp_path / "metrics/.score.json.x.part").write_text("half")
    (tmp_path / "metrics/score.json").write_text("2")
    project.code = 1
    [failed, *different] = after_repro(project, undisturbed, "a", "b").wrong
    assert "ended with code 1" in failed
    assert different == ["metrics/.score.json.x.part differs", "metrics/score.json differs"]


def test_what_is_committed_lost_nothing_in_40_kills_and_more() -> None:
    found = read_json(RESULT)
    kinds = found["kinds"]
    assert sum(row["faults"] for kind, row in kinds.items() if kind.startswith("SIG")) >= 40
    assert {kind.partition(" ")[0] for kind in kinds} >= {"SIGINT", "SIGTERM", "SIGKILL"}
    assert all(row["lost"] == 0 and row["survived"] == row["faults"] > 0 for row in kinds.values())
    assert found["all"]["faults"] == sum(row["faults"] for row in kinds.values())
