"""transformers stops one token late on Metal and undoes it: the noise of that token must not be lost."""

from typing import Any

import pytest
import torch
from transformers.generation.utils import DeferredStopCheck

from stages.common.llm.cache import RoomyLayer
from stages.common.llm.sampling import GumbelNoise, SamplingParams, draw
from stages.common.llm.written import Drawn
from stages.shell.errors import UserError
from tests.llm.fakes import float64_llama
from tests.llm.test_causal import IDS, Words

PARAMS = SamplingParams(temperature=1.0, top_p=1.0, top_k=None, max_new_tokens=40)
supported_on = DeferredStopCheck.is_supported


class Event:
    """An event of a device that has always caught up."""

    def __init__(self, **_: Any) -> None: ...

    def record(self) -> None: ...

    def synchronize(self) -> None: ...


@pytest.fixture
def deferring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let transformers take the CPU for Metal when it decides whether to stop late."""
    as_metal = lambda _, *rest, **options: supported_on(torch.device("mps"), *rest, **options)  # noqa: E731
    monkeypatch.setattr(DeferredStopCheck, "is_supported", staticmethod(as_metal))
    monkeypatch.setattr(torch, "Event", Event)


def draws() -> list[Drawn]:
    """Sixteen draws, some of which end before the others."""
    return draw(float64_llama("sdpa"), Words(), [IDS] * 16, range(16), PARAMS)


@pytest.fixture(scope="module")
def expected() -> list[Drawn]:
    found = draws()
    assert {one.ended for one in found} == {"eos", "length"}
    return found


@pytest.mark.usefixtures("deferring")
def test_draws_are_those_of_the_cpu(expected: list[Drawn]) -> None:
    assert draws() == expected


@pytest.mark.usefixtures("deferring")
def test_a_cache_that_can_be_cut_back_would_change_them(
    expected: list[Drawn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RoomyLayer, "is_croppable", True)
    assert draws() != expected


def test_nothing_is_drawn_from_nan() -> None:
    logits = torch.zeros(2, 5)
    logits[1, 3] = torch.nan
    with pytest.raises(UserError, match=r"(?s)cpu computes NaN as logits.*THESIS_DEVICE=cpu"):
        GumbelNoise([1, 2])(torch.zeros(2, 1), logits)
    logits[1, 3] = -torch.inf
    GumbelNoise([1, 2])(torch.zeros(2, 1), logits)
