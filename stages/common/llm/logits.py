"""Scaling and capping of logits, which some architectures apply after the head."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class Finish:
    """Logits from the head's products x: cap * tanh(scale * x / cap), or scale * x without a cap."""

    scale: float = 1.0
    cap: float | None = None

    def __call__(self, products: Tensor) -> Tensor:
        """Any shape, to the same."""
        logits = products if self.scale == 1 else products * self.scale
        return logits if self.cap is None else self.cap * (logits / self.cap).tanh()

    def backwards(self, gradient: Tensor, logits: Tensor) -> Tensor:
        """Gradient of the products from that of the logits; the slope is scale * (1 - (logit / cap)^2)."""
        if self.cap is not None:
            gradient = gradient * (1 - (logits / self.cap) ** 2)
        return gradient if self.scale == 1 else gradient * self.scale


PLAIN = Finish()


def finish_of(config: Any) -> Finish:
    """The scale and cap that a checkpoint's config names.

    Granite divides by logits_scaling, Cohere multiplies with logit_scale, Gemma caps at
    final_logit_softcapping. An architecture that uses another name is missed here, and
    found by the comparison with its own forward pass (stages/shell/checked.py).
    """
    text = config.get_text_config()
    multiplied, divided = (getattr(text, key, None) or 1 for key in ("logit_scale", "logits_scaling"))
    return Finish(multiplied / divided, getattr(text, "final_logit_softcapping", None))
