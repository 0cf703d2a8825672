"""The calibration that the report may print."""

from pathlib import Path

from stages.common.calibration import CalibratedContrast, Calibration, load_calibration
from stages.common.files import write_json
from tests.tiny import ROOT

CONTRAST = CalibratedContrast(
    contrast="white", arm_a="a/original", arm_b="a/augmented", prompt="any", statistic="share", field="coat",
    level="white", n=1200, n_seeds=3, difference_10=None, p_adjusted_10=None, difference=-0.5, low=-0.6,
    high=-0.4, n_same_sign=3, p=0.001, p_adjusted=0.008, sd_runs=0.05, sd_draws=0.03, seed_share=0.1,
    verdict="stands",
)  # fmt: skip
ADAPTERS = {"a/original": "12", "a/augmented": "34"}


def test_it_is_of_these_adapters_or_none(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert load_calibration(ADAPTERS, path) is None
    state = Calibration(adapter_sha256=ADAPTERS, draws=200, n_seeds=3, contrasts=(CONTRAST,))
    write_json(path, state.model_dump())
    assert load_calibration(ADAPTERS, path) == state
    assert load_calibration({**ADAPTERS, "a/original": "56"}, path) is None
    assert load_calibration({}, path) is None


def test_a_contrast_that_was_declared_anew_is_none() -> None:
    state = Calibration(adapter_sha256=ADAPTERS, draws=200, n_seeds=3, contrasts=(CONTRAST,))
    definition = ("white", "a/original", "a/augmented", "any", "share", "coat", "white")
    assert state.of(*definition) == CONTRAST
    assert state.of(*definition[:-1], "black") is None


def test_the_committed_state_can_be_read() -> None:
    load_calibration({}, ROOT / "metrics/calibration/state.json")
