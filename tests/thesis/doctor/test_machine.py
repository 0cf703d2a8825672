"""The device, its memory and the disks, against what the stages need."""

from dataclasses import replace
from pathlib import Path

import pytest

from thesis.doctor.machine import (
    Device,
    Memory,
    Place,
    _group_limit,
    judge_device,
    judge_disk,
    judge_memory,
    look_at_disk,
)

METAL = Device("mps", 4, 8, ("0.9", "0.8"), False, 0.0, True)
CPU = Device("cpu", 2, 2, ("0.9", "0.8"), False, 0.0, False)


def test_as_the_stages_set_it():
    assert {finding.word for device in (METAL, CPU) for finding in judge_device(device)} == {"ok"}


@pytest.mark.parametrize(
    ("change", "word", "part"),
    [
        ({"dropout": 0.1}, "problem", "silently wrong gradients"),
        ({"watermarks": ("1.7", "1.4")}, "warning", "swap"),
        ({"watermarks": ("0.0", "0.8")}, "warning", "swap"),
        ({"watermarks": ("0.8", "0.9")}, "problem", "must be below"),
        ({"watermarks": ("much", "0.8")}, "problem", "not a number"),
        ({"fallback": True}, "warning", "hides slow operations"),
    ],
)
def test_metal(change, word, part):
    wrong = [finding for finding in judge_device(replace(METAL, **change)) if finding.word != "ok"]
    assert [finding.word for finding in wrong] == [word]
    assert part in wrong[0].found
    assert wrong[0].remedy


def test_dropout_is_no_matter_without_checkpointing():
    assert {f.word for f in judge_device(replace(METAL, dropout=0.1, checkpointing=False))} == {"ok"}


def test_idle_cores():
    (only,) = judge_device(replace(CPU, n_threads=1, n_cores=8))
    assert (only.word, "1 of 8" in only.found) == ("warning", True)


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


@pytest.mark.parametrize(("free", "word"), [(20, "ok"), (15, "warning"), (13, "problem")])
def test_one_disk(free, word):
    (only,) = judge_disk([Place(1, "base's cache", free * GB, 14 * GB)])
    assert only.word == word
    assert f"{free}.0 GB are free" in only.found
    assert bool(only.remedy) == (word != "ok")


def test_places_on_one_disk_share_its_room():
    cache, artifacts = Place(1, "cache", 15 * GB, 8 * GB), Place(1, "artifacts", 15 * GB, 8 * GB)
    assert [finding.word for finding in judge_disk([cache, artifacts])] == ["problem"]
    elsewhere = Place(2, "artifacts", 15 * GB, 8 * GB)
    assert [finding.word for finding in judge_disk([cache, elsewhere])] == ["ok", "ok"]


def test_a_folder_that_is_not_there_yet(tmp_path):
    place = look_at_disk("cache", tmp_path / "not" / "yet", 5)
    assert place.device == tmp_path.stat().st_dev
    assert place.free > 0
