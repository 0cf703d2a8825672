"""What some architectures do to their logits after the head: scale them, cap them."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class Finish:
    """From the head's products x to logits: cap * tanh(scale * x / cap), or scale * x without a cap."""

    scale: float = 1.0
    cap: float | None = None

    def __call__(self, products: Tensor) -> Tensor:
        """Any shape, to the same."""
        logits = products if self.scale == 1 else products * self.scale
        return logits if self.cap is None else self.cap * (logits / self.cap).tanh()

    def backwards(self, gradient: Tensor, logits: Tensor) -> Tensor:
        """The gradient of the logits to that of the products; the slope is scale * (1 - (logit / cap)^2)."""
        if self.cap is not None:
            gradient = gradient * (1 - (logits / self.cap) ** 2)
        return gradient if self.scale == 1 else gradient * self.scale


PLAIN = Finish()


def finish_of(config: Any) -> Finish:
    """As the checkpoint's config names it.

    Granite divides by logits_scaling, Cohere multiplies with logit_scale, Gemma caps at
    final_logit_softcapping. What another architecture calls otherwise is missed here, and
    found by the comparison with its own forward pass (stages/shell/checked.py).
    """
    text = config.get_text_config()
    multiplied, divided = (getattr(text, key, None) or 1 for key in ("logit_scale", "logits_scaling"))
    return Finish(multiplied / divided, getattr(text, "final_logit_softcapping", None))
