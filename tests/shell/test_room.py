"""Too little memory ends with the parameter to lower, wherever it shows."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from stages.generate.__main__ import Writer
from stages.score import scoring
from stages.score.scoring import Scorer
from stages.shell import estimate
from stages.shell.errors import UserError
from stages.shell.room import roomy
from stages.train import __main__ as training

FULL = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9.00 GiB"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"),
    RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."),
]

NOTHING: Any = None


def raising(error: Exception) -> Any:
    def raises(*_: Any, **__: Any) -> None:
        raise error

    return raises


@pytest.mark.parametrize("error", FULL)
def test_the_parameter_to_lower_is_named(error: Exception) -> None:
    with (
        pytest.raises(UserError, match=r"(?s)generate\.batch_size in params\.yaml .*\nLower it"),
        roomy("generate"),
    ):
        raise error


def test_another_error_stays() -> None:
    with pytest.raises(RuntimeError, match="shapes do not fit"), roomy("score"):
        raise RuntimeError("shapes do not fit")


def test_scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "pack", raising(FULL[0]))
    with pytest.raises(UserError, match=r"score\.records_per_pack"):
        Scorer(None, None, "alpaca", 10).score([], "tiny/none")


def test_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    row: Any = SimpleNamespace(arm=SimpleNamespace(is_constrained=False), ids=())
    monkeypatch.setattr(Writer, "_known", lambda *_: {"seed": 1})
    monkeypatch.setattr("stages.generate.__main__.draw", raising(FULL[1]))
    writer = Writer(None, None, NOTHING, NOTHING, NOTHING, {})
    with pytest.raises(UserError, match=r"generate\.batch_size"):
        writer._write_batch(None, [row])


def test_training_and_its_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    lower = r"train\.common\.records_per_pack .*\nLower it, set gradient_checkpointing"
    params: Any = SimpleNamespace(records_per_pack=4)
    monkeypatch.setattr(training, "mean_loss", raising(FULL[1]))
    with pytest.raises(UserError, match=lower):
        training.fit(None, params, 1, {"validation": NOTHING}, NOTHING)
    monkeypatch.setattr(estimate, "token_nll", raising(FULL[1]))
    with pytest.raises(UserError, match=lower):
        estimate._backward_seconds(torch.nn.Linear(1, 1), None)
