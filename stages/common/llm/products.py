"""Products with frozen weights, as fast as the machine does them; adapters are folded in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn
from torch.nn.functional import linear


@contextmanager
def folded(model: Any, n_rows: int = 30) -> Iterator[None]:
    """Compute each linear layer as one product with its weights and the adapter that is on.

    Only in float32, where folding costs no more than rounding; other layers stay as they are. On a
    CPU the weights are packed for oneDNN, whose products are up to 3 times as fast as those of MKL.
    """
    changed = [module for module in _outermost(model) if _is_plain(module)]
    for module in changed:
        module.forward = _product(*_weights(module), n_rows)
    try:
        yield
    finally:
        for module in changed:
            del module.forward


def _outermost(module: nn.Module) -> Iterator[nn.Module]:
    """Linear layers; of one with an adapter the whole, not its parts."""
    for child in module.children():
        if isinstance(child, nn.Linear | LoraLayer):
            yield child
        else:
            yield from _outermost(child)


def _is_plain(module: Any) -> bool:
    base = module.get_base_layer() if isinstance(module, LoraLayer) else module
    return type(base) is nn.Linear and base.weight.dtype == torch.float32


def _weights(module: Any) -> tuple[Tensor, Tensor | None]:
    """Weights and bias, with the adapter that is on."""
    if not isinstance(module, LoraLayer):
        return module.weight, module.bias
    base = module.get_base_layer()
    on = [] if module.disable_adapters else [name for name in module.active_adapters if name in module.lora_A]
    return sum((module.get_delta_weight(name) for name in on), start=base.weight), base.bias


def _product(weights: Tensor, bias: Tensor | None, n_rows: int) -> Any:
    if weights.device.type != "cpu" or not torch.backends.mkldnn.is_available():
        return partial(linear, weight=weights, bias=bias)
    packed = torch.ops.mkldnn._reorder_linear_weight(weights.detach().contiguous(), n_rows)
    return lambda states: torch.ops.mkldnn._linear_pointwise(states, packed, bias, "none", [], "")
