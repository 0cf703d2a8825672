"""The marks of the first picture are all trainings of the calibration, or none."""

import shutil
from pathlib import Path

import pytest

from stages.common.calibration import Calibration
from stages.common.files import read_json
from stages.report.trainings import RUNS, load_trainings
from stages.shell.errors import UserError
from tests.tiny import ROOT


@pytest.fixture
def calibration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calibration:
    """A copy of the committed calibration."""
    shutil.copytree(ROOT / "metrics/calibration", tmp_path / "metrics/calibration")
    monkeypatch.chdir(tmp_path)
    return Calibration.model_validate(read_json(tmp_path / "metrics/calibration/state.json"))


def test_every_training_has_a_mark(calibration: Calibration) -> None:
    found = load_trainings(calibration)
    for one in calibration.contrasts:
        assert len(found.differences(one.contrast)) == calibration.n_seeds


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "contrast,arm,run,n,value\n"])
def test_other_runs_are_refused(calibration: Calibration, text: str) -> None:
    RUNS.write_text(text, "utf-8")
    with pytest.raises(UserError, match=r"not the 6 trainings of race-white.*\n.*git checkout"):
        load_trainings(calibration)


def test_a_run_that_is_cut_off_is_missed(calibration: Calibration) -> None:
    RUNS.write_text("".join(RUNS.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    with pytest.raises(UserError, match="not the 6 trainings of"):
        load_trainings(calibration)


def test_without_the_file_there_are_none(calibration: Calibration) -> None:
    RUNS.unlink()
    assert load_trainings(calibration).runs == ()
