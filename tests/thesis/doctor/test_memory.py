"""Needs against what a device has."""

from pathlib import Path

from thesis.doctor.machine import Memory, _group_limit, judge_memory

GB = 10**9
NEEDS = {"train": 6 * GB, "score": 5 * GB, "generate": 4 * GB}


def words(memory):
    return [finding.word for finding in judge_memory(memory, NEEDS)]


def test_enough():
    (only,) = judge_memory(Memory("mps", 11 * GB, 9 * GB), NEEDS)
    assert only.word == "ok"
    assert "train 6.0 GB" in only.found


def test_one_line_for_each_stage_that_may_not_fit():
    assert words(Memory("mps", int(4.5 * GB), 9 * GB)) == ["problem", "problem", "warning"]


def test_close_to_the_limit_is_a_warning():
    (only,) = judge_memory(Memory("cuda", int(6.5 * GB), 9 * GB), NEEDS)
    assert (only.word, "records_per_pack" in only.remedy) == ("warning", True)


def test_what_other_programs_hold_is_a_warning():
    (only,) = judge_memory(Memory("cpu", 16 * GB, int(5.5 * GB)), NEEDS)
    assert (only.word, "Close other programs" in only.remedy) == ("warning", True)
    assert words(Memory("cuda", 16 * GB, GB)) == ["ok"]  # a card's memory is its own


def test_a_container_has_a_limit_of_its_own(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    monkeypatch.setattr("thesis.doctor.machine.GROUP_LIMIT", limit)
    everything = _group_limit()
    limit.write_text("4000000000\n")
    assert _group_limit() == 4 * GB
    limit.write_text("max\n")
    assert _group_limit() == everything > 0
    assert isinstance(limit, Path)


def test_evaluate_is_told_what_to_take_less_of():
    needs = {"evaluate": 6 * GB}
    (only,) = judge_memory(Memory("the computer", 5 * GB, 4 * GB), needs)
    assert (only.word, "prepare.sample.n" in only.remedy) == ("problem", True)
    (fits,) = judge_memory(Memory("the computer", 16 * GB, 12 * GB), needs)
    assert "evaluate 6.0 GB; the computer has 16.0 GB" in fits.found
