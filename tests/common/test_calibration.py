"""The calibration that the report may print: it counts for what it was made with, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from stages.common.calibration import CalibratedContrast, Calibration, Power, load_calibration
from stages.common.files import read_json, write_json
from stages.common.made_with import ContrastFacts, MadeWith, SamplingFacts, made_with
from stages.common.prompts import AskedPrompt
from stages.common.schema import ProfileSchema
from tests.evaluate.fakes import FREE, SCHEMA
from tests.tiny import ROOT

CONTRAST = CalibratedContrast(
    contrast="white", arm_a="a+lora/original", arm_b="a+lora/augmented", prompt="any-cat", statistic="share",
    field="coat", level="white", n=2400, n_seeds=6, difference_10=None, p_adjusted_10=None, difference=-0.5,
    low=-0.6, high=-0.4, sd_pairs=0.07, p=0.001, p_flip=0.03125, p_adjusted=0.008, smallest_shift=0.2,
    sd_runs=0.05, sd_draws=0.03, seed_share=0.1, verdict="stands",
)  # fmt: skip
ADAPTERS = {"a+lora/original": "12", "a+lora/augmented": "34"}
ASKED: dict[str, Any] = {
    "id": "white", "arm_a": "<base>+lora/original", "arm_b": "<base>+lora/augmented", "prompt": "any-cat",
    "statistic": "share", "field": "coat", "level": "white",
}  # fmt: skip
SHOTS = {**ASKED, "id": "shots", "arm_a": "<base>+shots/original"}
SAMPLING = {"temperature": 1.0, "top_p": 1.0, "top_k": None, "max_new_tokens": 144, "constrained": False}


def settings(
    *contrasts: dict[str, Any],
    adapters: dict[str, str] = ADAPTERS,
    prompt: AskedPrompt = FREE,
    schema: dict[str, Any] = SCHEMA,
    sampling: dict[str, Any] = SAMPLING,
    **others: Any,
) -> MadeWith:
    return made_with(
        adapters,
        [ContrastFacts.model_validate(one) for one in contrasts or (ASKED, SHOTS)],
        [prompt],
        ProfileSchema(schema),
        SamplingFacts.model_validate(sampling),
        **{"base": "a", "alpha": 0.05, "confidence": 0.95, **others},
    )


def calibration(made: MadeWith | None = None) -> Calibration:
    stated = Power(n_seeds=6, shift=0.4, sd=0.12, power=0.83, smallest_shift=0.39)
    return Calibration(
        made_with=made or settings(), draws=200, n_seeds=6, power=(stated,), contrasts=(CONTRAST,)
    )


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "state.json"
    write_json(path, calibration().model_dump())
    return path


def test_it_counts_for_the_settings_that_it_was_made_with(state: Path) -> None:
    assert load_calibration(settings(), state) == calibration()
    assert load_calibration(settings(), state.with_name("none.json")) == "there is none"


other_rule = {**SCHEMA["x-rules"][0], "then": {"required": ["mice"]}}


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ({"adapters": {**ADAPTERS, "a+lora/original": "56"}}, "the adapters"),
        ({"sampling": {**SAMPLING, "temperature": 0.3}}, "generate.temperature (was 1.0, is 0.3)"),
        ({"sampling": {**SAMPLING, "top_k": 50}}, "generate.top_k (was null, is 50)"),
        ({"sampling": {**SAMPLING, "max_new_tokens": 20}}, "generate.max_new_tokens (was 144, is 20)"),
        ({"sampling": {**SAMPLING, "constrained": True}}, "generate.constrained (was false, is true)"),
        ({"schema": {**SCHEMA, "x-rules": [other_rule]}}, "fields or rules of the schema"),
        ({"schema": {**SCHEMA, "x-rules": []}}, "fields or rules of the schema"),
        (
            {"prompt": FREE.model_copy(update={"template": "One cat: {fields}"})},
            "the text of the prompt any-cat",
        ),
        ({"alpha": 0.1}, "evaluate.alpha (was 0.05, is 0.1)"),
        ({"confidence": 0.9}, "evaluate.confidence (was 0.95, is 0.9)"),
    ],
)
def test_it_does_not_count_under_other_settings(state: Path, now: dict[str, Any], reason: str) -> None:
    found = load_calibration(settings(**now), state)
    assert isinstance(found, str)
    assert reason in found
    assert "make calibrate" in found.lower()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"level": "black"}, 'the contrast white, level (was "white", is "black")'),
        ({"field": "tame"}, 'the contrast white, field (was "coat", is "tame")'),
        ({"statistic": "valid"}, 'the contrast white, statistic (was "share", is "valid")'),
        ({"statistic": "association", "attribute": "tame"}, "the contrast white, attribute"),
        ({"arm_a": "<base>+lora/augmented"}, "the contrast white, arm_a"),
        ({"id": "renamed"}, "the contrast white (no longer declared); the contrast renamed (declared since)"),
    ],
)
def test_a_redefined_contrast_keeps_no_old_claim(state: Path, change: dict[str, Any], reason: str) -> None:
    found = load_calibration(settings({**ASKED, **change}, SHOTS), state)
    assert isinstance(found, str)
    assert reason in found


def test_what_no_claim_depends_on_may_change(state: Path) -> None:
    # a contrast of an arm without adapter is not calibrated; another prompt is not asked by any contrast
    other = {**SHOTS, "level": "black"}
    described = {**SCHEMA, "description": "cats of the house"}
    assert load_calibration(settings(ASKED, other, schema=described), state) == calibration()
    assert load_calibration(settings(ASKED), state) == calibration()


def test_a_state_of_an_earlier_version_is_none_with_a_reason(state: Path) -> None:
    old = read_json(state)
    del old["made_with"]
    write_json(state, {**old, "adapter_sha256": ADAPTERS})
    assert "made by another version of this program" in str(load_calibration(settings(), state))


def test_a_contrast_that_was_declared_again_does_not_count() -> None:
    definition = ("white", "a+lora/original", "a+lora/augmented", "any-cat", "share", "coat", "white")
    assert calibration().of(*definition) == CONTRAST
    assert calibration().of(*definition[:-1], "black") is None


def test_the_committed_state_can_be_read() -> None:
    assert isinstance(load_calibration(settings(), ROOT / "metrics/calibration/state.json"), str)
