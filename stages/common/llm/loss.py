"""The loss of completions, token by token."""

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from stages.common.llm.packing import IGNORED, Pack


def token_nll(model: nn.Module, pack: Pack) -> tuple[Tensor, Tensor]:
    """Negative log-likelihoods of the N completion tokens of a pack, in nats.

    The model computes logits where a completion token is predicted, nowhere else: with a
    vocabulary of tens of thousands these are a large part of time and memory.

    Returns:
        shape (N,) in the pack's order, float32 or wider; shape (N,): the record each is from.
    """
    device = next(model.parameters()).device
    is_target = pack.labels[0] != IGNORED
    predictors = is_target.nonzero()[:, 0] - 1
    output: Any = model(
        input_ids=pack.input_ids.to(device),
        position_ids=pack.position_ids.to(device),
        logits_to_keep=predictors.to(device),
        layout=pack.layout.to(device),
        use_cache=False,
    )
    logits = output.logits[0]
    if logits.element_size() < 4:
        logits = logits.float()
    targets = pack.labels[0][is_target].to(device)
    return cross_entropy(logits, targets, reduction="none"), pack.owner[is_target].to(device)
