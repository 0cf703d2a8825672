"""Shares of the calibration as a second report."""

from pathlib import Path

import pytest

from stages.common.files import write_json, write_text
from stages.common.schema import load_schema
from stages.evaluate.contrasts.statistics import Reading
from tests.thesis.verify.dice.test_shares import ARM, OTHER, PARAMS, contrast, draws
from thesis.verify.dice.calibrated import answers, reported_shares
from thesis.verify.dice.shares import judged_dice, questions

HEAD = "contrast,arm,run,seed,n,value,sd_draws\n"


@pytest.fixture
def calibration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made_with = {"adapter_sha256": {ARM: "a", OTHER: "b"}}
    write_json(Path("metrics/calibration/state.json"), {"made_with": made_with})
    rows = f"race,{ARM},1,1,191,0.842932,0.03\nrace,{ARM},2,2,193,0.5,0.03\nrace,{OTHER},1,1,190,0.3,0.03\n"
    write_text(Path("metrics/calibration/runs.csv"), HEAD + rows)


@pytest.mark.usefixtures("calibration")
def test_shares_count_for_the_adapters_they_were_drawn_from() -> None:
    # .842932 of 191 are 161
    assert reported_shares({ARM: "a", OTHER: "changed"}) == {("race", ARM): (161, 191)}
    assert reported_shares({}) == {}


def test_without_a_calibration_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert reported_shares({ARM: "a"}) == {}


def test_many_reported_draws_find_a_smaller_forgery(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, how = questions([contrast()], [ARM]), {"race": Reading(load_schema(), ())}
    new = {(ARM, "free-profile"): draws(20, 20)}
    (answer,) = answers(asked, {("race", ARM): (161, 191)}, new, how)
    (found,) = judged_dice([answer], PARAMS)
    assert found.is_wrong
    assert found.expected == "as reported in the calibration: 161 of 191 (84 %)"
    assert 0.5 < found.seen["caught_at_most"] < 0.84
