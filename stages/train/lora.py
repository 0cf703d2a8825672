"""New LoRA adapter on a frozen base, whose product is one operation.

The update's two products are added in place to the base's, forwards and backwards. peft makes a
scaled copy and a sum of each: the same numbers with more passes over memory.
"""

import warnings
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora import Linear
from torch import Tensor, nn
from transformers import set_seed

from stages.common.llm.products import times
from stages.shell.errors import UserError
from stages.train.params import LoraParams


def with_lora(model: Any, lora: LoraParams, seed: int, checkpointing: bool) -> Any:
    """The model with a fresh adapter; the seed is set right before its weights are drawn.

    An operator that passes no gradient on becomes an error: torch only warns of it.
    """
    warnings.filterwarnings("error", ".*autograd kernel was not registered")
    if checkpointing:
        model.activation_checkpointing_enable({"use_reentrant": False})
    set_seed(seed)
    config = LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=lora.targets,
        task_type="CAUSAL_LM",
    )
    try:
        wrapped = get_peft_model(model, config)
    except ValueError as error:  # no such module
        raise UserError(f"params.yaml: train.common.lora.targets: {error}") from None
    return fuse(wrapped)


def n_trained(model: Any) -> int:
    """Number of parameters that training changes."""
    return sum(weights.numel() for weights in model.parameters() if weights.requires_grad)


def own_dropout(config: Any) -> dict[str, float]:
    """Dropout that the checkpoint itself applies in training, by its name in the config. Granite has some."""
    said = config.get_text_config().to_dict()
    return {key: value for key, value in said.items() if key.endswith(("_dropout", "_pdrop")) and value}


def fuse(model: Any) -> Any:
    """The model with `LoraProduct` in every layer that is only a product; the others stay peft's."""
    for module in model.modules():
        if type(module) is Linear and _is_plain(module):
            module.forward = _Product(module)  # type: ignore[method-assign]
    return model


class LoraProduct(torch.autograd.Function):
    """x W' + s x A' B' of a frozen W (Hu et al. 2021, section 4.1), all in one dtype."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
        """Shapes x (..., I), weight (O, I), a (R, I), b (O, R); returns (..., O)."""
        flat = x.reshape(-1, x.shape[-1])
        low = times(flat, a)
        ctx.save_for_backward(flat, low, weight, a, b)
        ctx.scale, ctx.shape = scale, x.shape
        return times(flat, weight).addmm_(low, b.t(), alpha=scale).view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, None, Tensor, Tensor, None]:
        flat, low, weight, a, b = ctx.saved_tensors
        gradient = gradients[0].reshape(-1, b.shape[0])
        of_low = times(gradient, b.t()).mul_(ctx.scale)
        of_x = None
        if ctx.needs_input_grad[0]:
            of_x = times(gradient, weight.t()).addmm_(of_low, a).view(ctx.shape)
        return of_x, None, times(of_low.t(), flat.t()), times(low.t(), gradient.t()).t().mul_(ctx.scale), None


class _Product:
    """Forward pass of a layer with one adapter during training."""

    def __init__(self, layer: Linear) -> None:
        self.weight = layer.base_layer.weight
        self.a, self.b = (ab["default"].weight for ab in (layer.lora_A, layer.lora_B))
        self.scale = layer.scaling["default"]

    def __call__(self, x: Tensor) -> Tensor:
        product: Tensor = LoraProduct.apply(x, self.weight, self.a, self.b, self.scale)  # type: ignore[no-untyped-call]
        return product


def _is_plain(layer: Linear) -> bool:
    """Whether the layer is only a product: no bias, no dropout, one dtype (not bfloat16 under float32)."""
    base, a = layer.base_layer, layer.lora_A["default"]
    dropout = layer.lora_dropout["default"]
    plain = type(base) is nn.Linear and base.bias is None and base.weight.dtype == a.weight.dtype
    return plain and isinstance(dropout, nn.Identity)
