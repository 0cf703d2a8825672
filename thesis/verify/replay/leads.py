"""Lead of a recorded token: how far its score with its noise is above all other tokens' scores."""

import torch
from torch import Tensor

from stages.common.llm.sampling import SamplingParams


def leads(
    scores: Tensor, noise: Tensor, recorded: Tensor, params: SamplingParams, slack: float = 0.0
) -> Tensor:
    """Score of the recorded token less the best score of another, both with their noise: shape (B,).

    The drawn token is the one with the largest score (see `noise`), so a lead of 0 or more says that the
    recorded token is the one that is drawn; the size of a negative one is the margin that it lacks. It is
    -inf for a token that top-k, top-p or the grammar leaves out, and inf where only one token can be drawn.

    Args:
        scores: logits divided by the temperature, -inf where the grammar forbids; shape (B, V).
        noise: shape (B, V).
        recorded: which tokens count as the recorded one, bool; several where one of the end marks was drawn.
        slack: two scores may differ by so much more or less on another machine. A token at the edge of what
            top-k and top-p keep counts as recorded, and does not count as another.
    """
    with_noise = scores + noise
    possible, certain = kept(scores, params, slack), kept(scores, params, -slack)
    own = with_noise.masked_fill(~(possible & recorded), -torch.inf).amax(-1)
    others = with_noise.masked_fill(~certain | recorded, -torch.inf).amax(-1)
    return torch.where(own.isneginf(), own, own - others)  # not -inf - -inf, which is no number


def kept(scores: Tensor, params: SamplingParams, slack: float = 0.0) -> Tensor:
    """Tokens that top-k and top-p keep: shape (B, V), bool.

    Args:
        slack: keep also those that would be kept if scores differed by so much; if it is negative, only
            those that would be kept nevertheless.
    """
    found = ~scores.isneginf()
    if params.top_k is not None:
        found &= _among_first(scores, params.top_k, slack)
    if params.top_p < 1:
        # the odds of a set of tokens change by a factor of at most e^slack, its share by slack / 4
        found &= _within_share(scores.masked_fill(~found, -torch.inf), params.top_p + slack / 4)
    return found


def _among_first(scores: Tensor, k: int, slack: float) -> Tensor:
    """Tokens of which fewer than k others score more."""
    if k >= scores.shape[-1]:
        return torch.ones_like(scores, dtype=torch.bool)
    best = scores.topk(k + 1).values
    if slack < 0:
        return scores >= best[:, k:] - slack
    return scores >= best[:, k - 1 : k] - slack


def _within_share(scores: Tensor, share: float) -> Tensor:
    """The likeliest tokens that make up a share together: a token counts if those before it make up less."""
    values, order = scores.sort(descending=True)
    shares = values.softmax(-1)
    inside = shares.cumsum(-1) - shares < share
    inside[:, 0] = True
    return torch.zeros_like(inside).scatter(-1, order, inside)
