"""Numbers of a second training."""

from types import SimpleNamespace
from typing import Any

from thesis.verify.retraining.judging import judged_metrics
from thesis.verify.retraining.tier import _of_other_tiers

RECORDED = {"validation_loss": {"best": 0.25}, "best_step": 60}


def test_rounding_is_allowed_in_losses_alone() -> None:
    near = {"validation_loss": {"best": 0.2500001}, "best_step": 60}
    found = judged_metrics("train_original", "metrics", RECORDED, near, 1e-5)
    assert found.is_same
    assert 0.9e-7 < found.seen["largest_difference"] < 1.1e-7
    assert judged_metrics("train_original", "metrics", RECORDED, near | {"best_step": 59}, 1e-5).is_wrong


def test_what_differs_is_named() -> None:
    found = judged_metrics("train_original", "metrics", RECORDED, {"validation_loss": {"best": 0.26}}, 1e-5)
    assert found.is_wrong
    assert found.got == "best_step is in one only; validation_loss.best: 0.25, not 0.26"


def test_a_completion_that_cannot_be_read_is_not_left_to_tier_3_too() -> None:
    rows: Any = [
        SimpleNamespace(arm=arm, token_ids=ids) for arm, ids in [("a", [1]), ("a", []), ("a+lora", [1])]
    ]
    arms = [SimpleNamespace(name="a", adapter=None), SimpleNamespace(name="a+lora", adapter="original")]
    loaded: Any = SimpleNamespace(
        arms=arms, unreadable=lambda row: "" if row.token_ids else "without a token"
    )
    assert [one.what for one in _of_other_tiers(loaded, rows)] == ["tokens of 1 of 3 completions"]
