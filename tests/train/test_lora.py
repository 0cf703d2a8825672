"""The fused product against peft's own layer."""

from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora import Linear
from torch import nn

from stages.train.lora import LoraProduct, fuse


def wrapped(dropout: float = 0.0, bias: bool = False, dtype: torch.dtype = torch.float64) -> nn.Module:
    torch.manual_seed(5)
    net = nn.Sequential(nn.Linear(6, 5, bias=bias), nn.Linear(5, 4, bias=bias)).to(dtype)
    config = LoraConfig(r=2, lora_alpha=6, lora_dropout=dropout, target_modules=["0", "1"])
    model = get_peft_model(net, config).train()
    for name, weights in model.named_parameters():
        if "lora_" in name:
            weights.data = torch.randn(weights.shape).to(torch.float32 if dtype == torch.bfloat16 else dtype)
    return model


def gradients(model: nn.Module, x: torch.Tensor) -> dict[str, torch.Tensor]:
    x.grad = None
    model(x).mean().backward()
    found = {"x": x.grad, **{name: weights.grad for name, weights in model.named_parameters()}}
    return {name: gradient for name, gradient in found.items() if gradient is not None}


def test_the_same_numbers_as_peft() -> None:
    x = torch.randn(2, 3, 6, dtype=torch.float64, requires_grad=True)
    peft, ours = wrapped(), fuse(wrapped())
    torch.testing.assert_close(ours(x), peft(x), rtol=0, atol=1e-12)
    expected = gradients(peft, x)
    assert len(expected) == 5
    torch.testing.assert_close(gradients(ours, x), expected, rtol=0, atol=1e-12)


def test_its_gradients_are_those_of_small_steps() -> None:
    shapes = {"x": (3, 6), "weight": (4, 6), "a": (2, 6), "b": (4, 2)}
    x, weight, a, b = (torch.randn(shape, dtype=torch.float64) for shape in shapes.values())
    for trained in (x, a, b):
        trained.requires_grad_(True)
    assert torch.autograd.gradcheck(lambda x, a, b: LoraProduct.apply(x, weight, a, b, 1.5), (x, a, b))


@pytest.mark.parametrize(
    "changes", [{"dropout": 0.1}, {"bias": True}, {"dtype": torch.bfloat16}], ids=lambda c: next(iter(c))
)
def test_layers_that_are_more_than_a_product_keep_pefts_code(changes: dict[str, Any]) -> None:
    model = fuse(wrapped(**changes))
    layers = [module for module in model.modules() if isinstance(module, Linear)]
    assert len(layers) == 2
    assert all("forward" not in vars(layer) for layer in layers)
