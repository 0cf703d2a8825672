"""Computation by transformers alone: one sequence, no cache, no padding, the model's own head."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from stages.common.llm.template import TokenPair

LONG = 1024
"""Tokens; a longer sequence goes through sdpa, since eager attention keeps all weights in memory."""


def own_losses(model: Any, pair: TokenPair, n: int) -> Tensor:
    """Nats of the completion's last n tokens."""
    last = pair.completion_ids[-n:]
    logits = own_logits(model, [*pair.prompt_ids, *pair.completion_ids[:-1]], len(last))
    return cross_entropy(logits, torch.tensor(last, device=logits.device), reduction="none")


def own_logits(model: Any, ids: Sequence[int], n: int) -> Tensor:
    """The last n rows of the model's own logits: one sequence, no cache, no padding, no head of ours."""
    ids_on = torch.tensor([list(ids)], device=next(model.parameters()).device)
    logits: Tensor = model(input_ids=ids_on, use_cache=False, logits_to_keep=n).logits[0, -n:]
    return logits.float()


@contextmanager
def still(model: Any) -> Iterator[None]:
    """Turn off dropout and gradients, and keep the state of random numbers."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            yield
    finally:
        for module, was_training in modes:
            module.training = was_training


@contextmanager
def plain_attention(model: Any, n_tokens: int) -> Iterator[None]:
    """Use transformers' own attention, which makes its own mask."""
    ours = model.config._attn_implementation
    model.set_attn_implementation("sdpa" if n_tokens > LONG and model._supports_sdpa else "eager")
    try:
        yield
    finally:
        model.set_attn_implementation(ours)
