"""Numbers of a second training."""

from thesis.verify.retraining.judging import judged_metrics

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
