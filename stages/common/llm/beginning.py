"""What draws begin with: their prompts as rows of one length, and a cache of what these share."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import Cache

from stages.common.llm.cache import trunk_cache
from stages.common.llm.packing import common_prefix
from stages.common.llm.positions import refuse_changing_positions


def begun(
    model: Any, prompts: Sequence[Sequence[int]], pad: int, n_new: int
) -> tuple[list[list[int]], Tensor, Cache]:
    """Rows of prompts of one length, their attention mask, and a cache of what all begin with.

    Padding stands between trunk and prompt, where a layer with a window counts it as distance:
    if the window is shorter than a row will be, nothing is shared and rows are padded in front.
    """
    longest = max(map(len, prompts)) + n_new
    refuse_changing_positions(model, longest)
    trunk = common_prefix([prompt[:-1] for prompt in prompts])
    window = shortest_window(model.config)
    if window is not None and window < longest:
        trunk = []
    rows, seen = _level(prompts, len(trunk), pad)
    return rows, torch.tensor(seen, device=model.device), trunk_cache(model, trunk, len(prompts))


def _level(
    prompts: Sequence[Sequence[int]], n_trunk: int, pad: int
) -> tuple[list[list[int]], list[list[int]]]:
    """Ids and attention mask of prompts that are padded, behind the trunk, to one length."""
    longest = max(map(len, prompts))
    pads = [longest - len(prompt) for prompt in prompts]
    rows = [[*p[:n_trunk], *[pad] * n, *p[n_trunk:]] for n, p in zip(pads, prompts, strict=True)]
    return rows, [[1] * n_trunk + [0] * n + [1] * (longest - n_trunk - n) for n in pads]


def shortest_window(config: Any) -> int | None:
    """Tokens that the most short-sighted layer sees; None if every layer sees all."""
    text = config.get_text_config()
    found = (getattr(text, key, None) for key in ("sliding_window", "window_size", "attention_chunk_size"))
    return min((window for window in found if window is not None), default=None)
