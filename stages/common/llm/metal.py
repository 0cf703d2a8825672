"""Decisions for Apple's GPU (torch calls it MPS) and their reasons.

No Mac was at hand: the reasons come from torch's source and issues, read for torch 2.13.0.
pytorch#1 is github.com/pytorch/pytorch/issues/1. The package imports this file before torch, so
nothing here imports torch.

Decided elsewhere:
- Bases are float32 or bfloat16, never float16, whose range rows of padding exceed (bases.py);
  LoRA's weights are float32 (peft's default).
- Noise is drawn on the CPU (noise.py), and NaN among logits is an error (sampling.py;
  huggingface/transformers#47396).
- A quantized base gets a device_map, without which it stays on the CPU (loading.py).
- Memory is held against Metal's working set (devices.py).

Known and left:
- Cured before 2.13.0: attention after a transposition (pytorch#163597, pytorch#181133), with
  boolean masks (pytorch#182285, pytorch#184180), with 1,024 keys and more (pytorch#174861); NaN
  where a row sees nothing (pytorch#156707); addcdiv_ in optimizers (pytorch#118115); addmm of
  square matrices (pytorch#116331); nonzero above 2^24 (pytorch#122916).
- Not done here: copies that do not wait (pytorch#189690, pytorch#139550), copies to the CPU that
  convert (pytorch#189563).
- Beyond our sizes: embeddings of more than 2^31 elements (pytorch#188756), products of more than
  2^32 (pytorch#197636).
- Open: bfloat16 attention loses precision beyond some 3,000 tokens (pytorch#190791); float32
  attention leaks memory with every new length (pytorch#152550).
- PYTORCH_ENABLE_MPS_FALLBACK stays off: it hides slow operations.
"""

import os
from typing import TYPE_CHECKING

from stages.shell.errors import UserError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

HIGH, LOW = "PYTORCH_MPS_HIGH_WATERMARK_RATIO", "PYTORCH_MPS_LOW_WATERMARK_RATIO"
LIMITS = {HIGH: "0.9", LOW: "0.8"}
"""Shares of Metal's working set. torch's own 1.7 lets a Mac swap instead of failing."""

LONGEST_SUM = 2**14
"""Terms of one sum in a product of matrices: half of what torch 2.13.0 gets wrong. On M1 and M2 it adds
what lies behind the matrices in memory to sums of 32,767 terms and more (pytorch#195163, pytorch#193487;
cured in 2.14). The head's gradient is a sum over the vocabulary: 49,152 words in SmolLM2."""


def is_metal(device: "torch.device | str") -> bool:
    return str(device).partition(":")[0] == "mps"


def limit_memory() -> None:
    """Set the limits that torch reads when it is imported; the user's own settings stay."""
    for name, ratio in LIMITS.items():
        os.environ.setdefault(name, ratio)


def needs_explicit_mask(device: "torch.device | str") -> bool:
    """Whether attention gets a mask instead of `is_causal=True`.

    In bfloat16 and float16 up to torch 2.12.1, `is_causal=True` without a gradient masked once
    for four tokens: three of four saw up to three later ones (pytorch#195910). 2.13.0 is said to be
    cured, by new kernels; a mask is right in every version.
    """
    return is_metal(device)


def has_float64(device: "torch.device | str") -> bool:
    return not is_metal(device)


def keeps_peak(device: "torch.device | str") -> bool:
    """Whether torch keeps the peak of memory; it keeps none for Metal."""
    return not is_metal(device)


def empty_cache_steps(device: "torch.device | str") -> int | None:
    """Number of training steps after which unused blocks are freed; they pile up with every new shape."""
    return 10 if is_metal(device) else None


def wrong_gradients(device: "torch.device | str", dropout: float, checkpointing: bool) -> str | None:
    """Why dropout would be silently wrong: checkpointing draws it again on the way back (pytorch#127676)."""
    if not (is_metal(device) and dropout > 0 and checkpointing):
        return None
    return f"LoRA dropout {dropout} with gradient checkpointing: silently wrong gradients on mps"


def product(left: "Tensor", right: "Tensor") -> "Tensor":
    """Shapes (N, K), (K, M) to (N, M), on Metal in sums of at most LONGEST_SUM terms."""
    if not is_metal(left.device) or left.shape[1] <= LONGEST_SUM:
        return left @ right
    parts = zip(left.split(LONGEST_SUM, dim=1), right.split(LONGEST_SUM), strict=True)
    total: Tensor
    total, *others = ((a.contiguous() @ b).float() for a, b in parts)
    for other in others:
        total += other
    return total.to(left.dtype)


def refuse_long_sum(device: "torch.device | str", n_terms: int, what: str, remedy: str) -> None:
    """Raise UserError where a gradient would be a sum that `product` cannot split."""
    if is_metal(device) and n_terms > LONGEST_SUM:
        raise UserError(
            f"{what}, {n_terms}: sums of more than {LONGEST_SUM} terms can be silently wrong on Apple's GPU\n"
            f"{remedy}, or run on the CPU: THESIS_DEVICE=cpu make repro"
        )
