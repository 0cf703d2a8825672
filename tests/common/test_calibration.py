"""The calibration that the report may print: it counts for what it was made with, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from stages.common.calibration import CalibratedContrast, Calibration, Power, load_calibration
from stages.common.files import read_json, write_json
from stages.common.llm.bases import LABELS
from stages.common.made_with import ContrastFacts, MadeWith, SamplingFacts, made_with, origin_sha256
from stages.common.prompts import AskedPrompt
from stages.common.schema import ProfileSchema
from stages.train.manifest import unlabeled
from tests.evaluate.fakes import FREE, SCHEMA
from tests.report.study import manifest
from tests.tiny import ROOT

CONTRAST = CalibratedContrast(
    contrast="white", arm_a="a+lora/original", arm_b="a+lora/augmented", prompt="any-cat", statistic="share",
    field="coat", level="white", n=2400, n_seeds=6, difference_10=None, p_adjusted_10=None, difference=-0.5,
    low=-0.6, high=-0.4, sd_pairs=0.07, p=0.001, p_flip=0.03125, p_adjusted=0.008, smallest_shift=0.2,
    sd_runs=0.05, sd_draws=0.03, seed_share=0.1, verdict="stands",
)  # fmt: skip
ADAPTERS = {"a+lora/original": "12", "a+lora/augmented": "34"}
ORIGINS = {"a+lora/original": "78", "a+lora/augmented": "90"}
ASKED: dict[str, Any] = {
    "id": "white", "arm_a": "<base>+lora/original", "arm_b": "<base>+lora/augmented", "prompt": "any-cat",
    "statistic": "share", "field": "coat", "level": "white",
}  # fmt: skip
SHOTS = {**ASKED, "id": "shots", "arm_a": "<base>+shots/original"}
SAMPLING = {"temperature": 1.0, "top_p": 1.0, "top_k": None, "max_new_tokens": 144, "constrained": False}


def settings(
    *contrasts: dict[str, Any],
    adapters: dict[str, str] = ADAPTERS,
    origins: dict[str, str] = ORIGINS,
    prompt: AskedPrompt = FREE,
    schema: dict[str, Any] = SCHEMA,
    sampling: dict[str, Any] = SAMPLING,
    **others: Any,
) -> MadeWith:
    return made_with(
        adapters,
        origins,
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


def test_adapters_of_other_bytes_change_nothing(state: Path) -> None:
    rounded = {**ADAPTERS, "a+lora/original": "56"}
    assert load_calibration(settings(adapters=rounded), state) == calibration()


other_rule = {**SCHEMA["x-rules"][0], "then": {"required": ["mice"]}}


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (
            {"origins": {**ORIGINS, "a+lora/original": "56"}},
            "others: the base, data or settings of the adapters.",
        ),
        ({"origins": {}}, "the base, data or settings of the adapters"),
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


def _set(*keys: str, to: Any) -> dict[str, Any]:
    """A manifest with another value under these keys."""
    changed = manifest("original")
    inner = changed
    for key in keys[:-1]:
        inner = inner[key]
    assert inner[keys[-1]] != to
    inner[keys[-1]] = to
    return changed


@pytest.mark.parametrize(
    "changed",
    [
        _set("base", "identity", to="cd34"),
        _set("base", "dtype", to="bfloat16"),
        _set("base", "quantization", to="nf4"),
        _set("base", "template", to="tokenizer"),
        _set("condition", to="augmented"),
        _set("data_sha256", "train", to="x"),
        _set("data_sha256", "validation", to="x"),
        _set("parameters", "common", "steps", to=3),
        _set("parameters", "seed", to=2),
    ],
    ids=str,
)
def test_another_base_data_or_parameter_is_another_origin(changed: dict[str, Any]) -> None:
    assert origin_sha256(changed) != origin_sha256(manifest("original"))


def test_the_labels_of_a_base_are_no_origin() -> None:
    labeled = manifest("original")
    labeled["base"] |= {"licence": "corrected", "may_be_passed_on": False}
    assert origin_sha256(labeled) == origin_sha256(manifest("original"))
    # as in the training, for which a label makes no adapter outdated
    assert origin_sha256(unlabeled(labeled)) == origin_sha256(labeled)
    assert labeled["base"].keys() > LABELS


def test_an_origin_is_the_same_in_any_order_of_keys() -> None:
    turned = dict(reversed(manifest("original").items()))
    assert [*turned] != [*manifest("original")]
    assert origin_sha256(turned) == origin_sha256(manifest("original"))


def test_a_state_without_origins_is_of_an_earlier_version(state: Path) -> None:
    old = read_json(state)
    del old["made_with"]["trained_from"]
    write_json(state, old)
    assert "made by another version of this program" in str(load_calibration(settings(), state))


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
