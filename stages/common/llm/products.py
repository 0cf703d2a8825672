"""Products with frozen weights, as fast as the machine does them; adapters are folded in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn

from stages.common.llm import metal

HAS_ONEDNN = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")


PACKED_FOR = 30
"""Rows that weights are packed for; other numbers of rows are hardly slower."""


def times(x: Tensor, weight: Tensor) -> Tensor:
    """x W': shapes x (N, I), weight (O, I), packed or not, to (N, O).

    On a CPU oneDNN computes it, which multiplies float32 twice to four times as fast as MKL where MKL
    does not use AVX-512. It has no gradient.
    """
    if HAS_ONEDNN and x.device.type == "cpu" and x.dtype == weight.dtype == torch.float32:
        product: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, None, "none", [], "")
        return product
    return metal.product(x, weight.t())


@contextmanager
def folded(model: Any) -> Iterator[None]:
    """Compute each linear layer as one product with its weights and the adapter that is on.

    Only in float32, where folding costs no more than rounding, and only what is a product and nothing
    else; other layers stay as they are. It takes the memory of the weights once more. What is computed
    within it has no gradient.
    """
    changed = [module for module in _outermost(model) if _is_plain(module)]
    try:
        for module in changed:
            with torch.no_grad():
                weight, bias = _weights(module)
            module.forward = partial(_linear, _packed(weight), bias)
        yield
    finally:
        for module in changed:
            module.__dict__.pop("forward", None)


def _packed(weight: Tensor) -> Tensor:
    """The weight as oneDNN's products with few rows read it fastest, a copy; elsewhere as it is."""
    if not (HAS_ONEDNN and weight.device.type == "cpu"):
        return weight
    packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.detach().contiguous(), PACKED_FOR)
    return packed


def _outermost(module: nn.Module) -> Iterator[nn.Module]:
    """Linear layers; of one with an adapter the whole, not its parts."""
    for child in module.children():
        if isinstance(child, nn.Linear | LoraLayer):
            yield child
        else:
            yield from _outermost(child)


def _is_plain(module: Any) -> bool:
    base = _base_of(module)
    plain = type(base) is nn.Linear and base.weight.dtype == torch.float32 and "forward" not in vars(module)
    if isinstance(module, LoraLayer):
        return plain and not module.lora_variant and not any(module.lora_bias.values())
    return plain


def _weights(module: Any) -> tuple[Tensor, Tensor | None]:
    """Weights and bias, with the adapter that is on."""
    base = _base_of(module)
    weight, bias = base.weight, base.bias
    if isinstance(module, LoraLayer) and not module.disable_adapters:
        folds: Any = module
        for name in set(module.active_adapters) & module.lora_A.keys():
            weight = weight + folds.get_delta_weight(name)
    return weight, bias


def _base_of(module: Any) -> Any:
    return module.get_base_layer() if isinstance(module, LoraLayer) else module


def _linear(weight: Tensor, bias: Tensor | None, x: Tensor) -> Tensor:
    product = times(x.reshape(-1, x.shape[-1]), weight).view(*x.shape[:-1], -1)
    return product if bias is None else product.add_(bias)
