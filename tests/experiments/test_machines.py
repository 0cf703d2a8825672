"""Differences between settings of one computer, and between two computers."""

import json
from pathlib import Path

import numpy as np
import pytest

from experiments.machines.between import compared
from experiments.machines.differing import differences
from stages.common.files import read_json
from tests.tiny import ROOT
from thesis.verify.tolerances import receipt_tolerances, training_tolerances

MEASURED = ROOT / "metrics/machines"


def test_differences_of_leads_and_losses() -> None:
    usual = {"leads": [1.0, -0.1, None], "losses": [2.0, 1.0]}
    other = {"leads": [1.5, 0.1, None], "losses": [2.0, 1.25]}
    found = differences(usual, other)
    assert found["lead_largest"] == 0.5
    assert found["lead_median"] == pytest.approx(0.35)  # of 0.5 and 0.2; the third cannot be beaten
    assert found["tokens_that_win_in_one_only"] == 1
    assert found["loss_per_token_largest"] == 0.25


def test_a_file_against_another_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.machines.between.committed", lambda *_: json.dumps({"loss": 0.5}))
    monkeypatch.chdir(tmp_path)
    Path("score.json").write_text(json.dumps({"loss": 0.75}), "utf-8")
    assert compared("any", "score.json") == {"numbers_that_differ": 1, "largest_difference": 0.25}


def test_the_tolerances_are_wider_than_what_was_measured() -> None:
    between, tolerances = read_json(MEASURED / "between.json"), receipt_tolerances()
    losses = [between["files"][name]["largest_difference"] for name in ("score.json", "train_original.json")]
    assert max(losses) < training_tolerances().loss
    found = read_json(MEASURED / "float32.json")["differences"].values()
    assert max(one["lead_largest"] for one in found) < tolerances.logits["float32"]
    assert max(one["loss_per_token_largest"] for one in found) < tolerances.losses["float32"]
    assert np.isfinite(losses).all()
