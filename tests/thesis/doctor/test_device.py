"""The device and what surrounds it."""

from dataclasses import replace

import pytest

from thesis.doctor.machine import Device, judge_device

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
