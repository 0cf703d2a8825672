"""The loss of completions, token by token."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, nll_loss

from stages.common.llm import metal
from stages.common.llm.logits import PLAIN, Finish, finish_of
from stages.common.llm.packing import IGNORED, Pack
from stages.common.llm.products import times

TOKENS_AT_ONCE = 256
"""Logits of so many tokens are in memory together; with 50,000 words they take 50 MB."""


def token_nll(model: Any, pack: Pack) -> tuple[Tensor, Tensor]:
    """Negative log-likelihoods of the N completion tokens of a pack, in nats.

    The model computes logits where a completion token is predicted, nowhere else: with a
    vocabulary of tens of thousands these are a large part of time and memory.

    Returns:
        shape (N,) in the pack's order, float32 or wider; shape (N,): the record each is from.
    """
    device = next(model.parameters()).device
    if torch.is_grad_enabled():  # the gradient of a weight is a sum over all tokens
        metal.refuse_long_sum(device, len(pack.owner), "tokens of a pack", "Halve records_per_pack")
    hidden = model.get_decoder()(
        input_ids=pack.input_ids.to(device),
        position_ids=pack.position_ids.to(device),
        layout=pack.layout.to(device),
        use_cache=False,
    ).last_hidden_state[0]
    predictors = (pack.targets[0] != IGNORED).nonzero()[:, 0]
    targets = pack.targets[0][predictors].to(device)
    hidden, head = hidden.index_select(0, predictors.to(device)), model.get_output_embeddings()
    nll = head_nll(head, hidden, targets, finish_of(model.config))
    return nll, pack.owner[predictors].to(device)


def head_nll(head: nn.Module, hidden: Tensor, targets: Tensor, finish: Finish = PLAIN) -> Tensor:
    """Losses under the head's softmax: shapes hidden (N, D), targets (N,) to (N,)."""
    if type(head) is nn.Linear and not any(weights.requires_grad for weights in head.parameters()):
        nll: Tensor = FrozenHeadNll.apply(hidden, head.weight, head.bias, targets, finish)  # type: ignore[no-untyped-call]
        return nll
    logits = head(hidden)
    if logits.requires_grad:  # the gradient of a hidden state is a sum over the vocabulary
        metal.refuse_long_sum(
            logits.device, logits.shape[1], "words under a trained head", "Leave lm_head out of lora.targets"
        )
    return cross_entropy(finish(logits).to(_wide(logits.dtype)), targets, reduction="none")


class FrozenHeadNll(torch.autograd.Function):
    """Losses under a frozen head, whose gradient for the hidden states is made on the way forwards.

    (softmax - one-hot) W, with the slope of `finish` in between, is the gradient of each token's
    loss, whatever it will be weighted with: logits live for TOKENS_AT_ONCE tokens, and nothing of
    their size waits for the way back (as Liger's fused linear cross entropy, Hsu et al. 2024, section 3.2).

    Each part writes into the memory of the one before. New tensors did not fit into the holes that the old
    ones left, and the process grew with every part.
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, bias: Tensor | None, targets: Tensor, finish: Finish
    ) -> Tensor:
        trained = ctx.needs_input_grad[0]
        wide = _wide(hidden.dtype)
        nll, gradients = [], []
        for h, t in zip(hidden.split(TOKENS_AT_ONCE), targets.split(TOKENS_AT_ONCE), strict=True):
            products = times(h, weight)
            if bias is not None:
                products += bias
            logits = finish(products).to(wide)
            scores = logits.log_softmax(-1)
            nll.append(nll_loss(scores, t, reduction="none"))
            if trained:
                error = scores.exp_()
                error[torch.arange(len(t), device=t.device), t] -= 1
                gradients.append(times(finish.backwards(error, logits).to(products.dtype), weight.t()))
        if trained:
            ctx.save_for_backward(torch.cat(gradients))
        return torch.cat(nll)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None, None]:
        (of_hidden,) = ctx.saved_tensors
        return of_hidden * gradients[0][:, None].to(of_hidden.dtype), None, None, None, None


def _wide(dtype: torch.dtype) -> torch.dtype:
    """What losses are computed in: float32 or wider."""
    return dtype if dtype.itemsize >= 4 else torch.float32
