"""Passes that macOS may end on Apple's GPU."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from thesis.doctor import times
from thesis.doctor.measuring import Measured
from thesis.doctor.times import HEAVY
from thesis.doctor.watchdog import judge

TRAIN, SCORE = "train.common.records_per_pack", "score.records_per_pack"


def test_short_passes_are_one_line():
    (only,) = judge({TRAIN: 0.8, SCORE: 0.31})
    assert only.word == "ok"
    assert f"0.8 s ({TRAIN}), 0.3 s ({SCORE})" in only.found


def test_a_long_pass_names_its_parameter_and_what_helped_others():
    (only,) = judge({TRAIN: 2.0, SCORE: 1.9})  # 40 % of 5 s
    assert (only.word, "about 2.0 s" in only.found) == ("warning", True)
    assert all(part in only.remedy for part in (f"Halve {TRAIN}", "caffeinate -s", "displaysleepnow", "lid"))
    assert SCORE not in only.remedy
    assert len(judge({TRAIN: 90.0, SCORE: 2.1})) == 2


def test_nothing_is_said_of_other_devices():
    assert judge({}) == []


@pytest.mark.parametrize(("device", "timed"), [("mps", True), ("cpu", False)])
def test_a_pass_is_timed_on_a_mac_even_if_the_stages_ran_there_before(monkeypatch, device, timed):
    """The recorded time of a stage does not say how long one of its passes took."""
    study: Any = SimpleNamespace(device=torch.device(device), why_unmeasured="")
    monkeypatch.setattr(times, "seconds_before", lambda *_: dict.fromkeys(HEAVY, 60.0))
    monkeypatch.setattr("thesis.doctor.measuring.measure", lambda _: Measured(passes={TRAIN: 3.0}))
    assert any(TRAIN in finding.remedy for finding in times.check(study)) == timed


def test_without_measuring_no_pass_is_timed(monkeypatch):
    study: Any = SimpleNamespace(device=torch.device("mps"), why_unmeasured="--no-measure")
    monkeypatch.setattr(times, "seconds_before", lambda *_: {})
    (only,) = times.check(study)
    assert "--no-measure" in only.found
