"""Folding adapters in changes nothing but rounding, and leaves no trace."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from peft import LoraConfig
from torch import Tensor, nn

from stages.common.llm.products import folded, times
from tests.llm.fakes import N_VOCABULARY, float64_llama, with_random_lora

NAMES = ("default", "second")


@pytest.fixture(scope="module")
def model() -> Any:
    """A float32 Llama with two adapters, and biases where it would have none."""
    return two_adapters(torch.float32)


def two_adapters(dtype: torch.dtype) -> Any:
    base = float64_llama("sdpa")
    layers = base.model.layers
    for layer in layers:
        layer.mlp.up_proj.bias = nn.Parameter(torch.linspace(-1, 1, 40, dtype=torch.float64))
    wrapped = with_random_lora(base)
    wrapped.add_adapter("second", LoraConfig(r=2, lora_alpha=3, target_modules=["q_proj", "up_proj"]))
    draws = torch.Generator().manual_seed(5)
    for name, weights in wrapped.named_parameters():
        if "lora_" in name and "second" in name:
            weights.data = 0.3 * torch.randn(weights.shape, generator=draws)
    return wrapped.to(dtype).eval()


def turn_on(model: Any, adapters: list[str]) -> None:
    if adapters:
        model.base_model.set_adapter(adapters)
        model.base_model.enable_adapter_layers()
    else:
        model.base_model.disable_adapter_layers()


def logits(model: Any, ids: list[list[int]]) -> Tensor:
    with torch.no_grad():
        found: Tensor = model(input_ids=torch.tensor(ids), use_cache=False).logits
    return found


def state(model: Any) -> dict[str, Tensor]:
    return {name: weights.clone() for name, weights in model.state_dict().items()}


def forwards(model: Any) -> dict[str, Callable[..., Any] | None]:
    return {name: module.__dict__.get("forward") for name, module in model.named_modules()}


IDS = st.integers(1, 4).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(0, N_VOCABULARY - 1), min_size=n, max_size=n), min_size=1, max_size=3
    )
)


@pytest.mark.parametrize("on", [[], ["default"], ["second"], [*NAMES]], ids=str)
@given(ids=IDS)
def test_equals_pefts_own_forward_pass(model: Any, on: list[str], ids: list[list[int]]) -> None:
    turn_on(model, on)
    expected = logits(model, ids)
    with folded(model):
        found = logits(model, ids)
    # logits of up to some tens: 1e-4 is float32's rounding over three layers
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_the_adapters_are_told_apart(model: Any) -> None:
    found = []
    for on in ([], ["default"], ["second"], [*NAMES]):
        turn_on(model, on)
        with folded(model):
            found.append(logits(model, [[1, 2, 3]]))
    gaps = [(a - b).abs().max().item() for i, a in enumerate(found) for b in found[:i]]
    assert min(gaps) > 0.01


@pytest.mark.parametrize("on", [[], ["default"], [*NAMES]], ids=str)
@pytest.mark.parametrize("fails", [False, True])
def test_weights_and_forwards_are_restored(model: Any, on: list[str], fails: bool) -> None:
    turn_on(model, on)
    weights, before, expected = state(model), forwards(model), logits(model, [[1, 2, 3]])
    try:
        with folded(model):
            assert forwards(model) != before
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert forwards(model) == before
    assert state(model).keys() == weights.keys()
    assert all(torch.equal(weights[name], now) for name, now in model.state_dict().items())
    assert torch.equal(logits(model, [[1, 2, 3]]), expected)


def test_a_failure_while_folding_restores_what_was_folded(model: Any, monkeypatch: Any) -> None:
    last = [module for module in model.modules() if hasattr(module, "get_delta_weight")][-1]

    def fail(name: str) -> Tensor:
        raise MemoryError

    turn_on(model, ["default"])
    before = forwards(model)
    monkeypatch.setattr(last, "get_delta_weight", fail)
    with pytest.raises(MemoryError), folded(model):
        pytest.fail("it folded")
    assert forwards(model) == before


def test_what_is_not_float32_stays_pefts() -> None:
    wide = two_adapters(torch.float64)
    turn_on(wide, ["default"])
    expected, before = logits(wide, [[1, 2, 3]]), forwards(wide)
    with folded(wide):
        assert forwards(wide) == before
        assert torch.equal(logits(wide, [[1, 2, 3]]), expected)


@given(
    st.integers(0, 5), st.integers(1, 9), st.integers(1, 9), st.booleans(),
    st.sampled_from([torch.float32, torch.float64, torch.bfloat16]),
)  # fmt: skip
def test_a_product_is_x_times_the_transposed_weight(
    n: int, n_in: int, n_out: int, by_columns: bool, dtype: torch.dtype
) -> None:
    draws = torch.Generator().manual_seed(n + 10 * n_in + 100 * n_out)
    x, weight = (torch.randn(rows, n_in, generator=draws).to(dtype) for rows in (n, n_out))
    if by_columns:
        weight = weight.t().contiguous().t()
    found, rounding = times(x, weight), torch.finfo(dtype).eps
    assert (found.shape, found.dtype) == ((n, n_out), dtype)
    expected = (x.double() @ weight.double().T).to(dtype)
    torch.testing.assert_close(found, expected, atol=20 * rounding, rtol=20 * rounding)
