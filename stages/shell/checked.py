"""Check of two real sequences against transformers' own forward pass, before anything is computed.

Our losses share a prompt's computation and apply the head themselves; our draws share a cache.
An architecture that does something else there would get wrong numbers without an error.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from stages.common.llm import memory_given_back
from stages.common.llm.attention import BRANCHED
from stages.common.llm.decoding import rows_after
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import pack
from stages.common.llm.positions import architecture, refuse_changing_positions
from stages.common.llm.products import folded
from stages.common.llm.rows import ROWS
from stages.common.llm.template import TokenPair
from stages.shell.errors import UserError
from stages.shell.plain import own_logits, own_losses, plain_attention, still
from stages.shell.reached import every_layer_reached, refuse_other_mixing
from stages.shell.readable import refuse_unreadable
from stages.shell.remedies import OTHER_BASE
from stages.shell.room import is_out_of_memory

ROUNDING = {torch.bfloat16: 0.4, torch.float16: 0.05}
"""Nats, mean absolute difference; SmolLM2-135M showed 0.05 (losses) and 0.12 (draws) in bfloat16."""
ROUNDING_OF_FLOAT32 = 2e-4
"""It showed 2e-6 (losses) and 1e-5 (draws)."""
N_COMPARED = 256
"""Last tokens of each record that losses are compared at: transformers keeps all their logits at one time."""
N_DRAWN = 8
"""Tokens written in the comparison of draws, or max_new_tokens if these are fewer."""
LESS = "End other programs, shorten profiles or prompts, or take a smaller base"
FAILURES = (TypeError, ValueError, AttributeError, KeyError, IndexError, NotImplementedError, RuntimeError)


def check_losses(model: Any, pairs: Sequence[TokenPair]) -> None:
    """Compare the losses of the longest and the shortest record, packed together, with each alone.

    Raises:
        UserError: names the architecture and the difference, if it is more than rounding; or what of
            the records the checkpoint cannot read.
    """
    refuse_unreadable(model, [[*pair.prompt_ids, *pair.completion_ids] for pair in pairs])
    some = [max(pairs, key=len), min(pairs, key=len)]
    refuse_changing_positions(model, len(some[0]))
    refuse_other_mixing(model)
    with memory_given_back(), still(model), _named(model, "losses"):
        with every_layer_reached(model, BRANCHED, "mix the records of a pack"):
            nll, owner = token_nll(model, pack(some))
        found = torch.cat([nll[owner == record][-N_COMPARED:] for record in range(len(some))])
        with plain_attention(model, len(some[0])):
            expected = torch.cat([own_losses(model, pair, N_COMPARED) for pair in some])
    _refuse_difference(model, found, expected, "losses")


def check_draws(model: Any, prompts: Sequence[Sequence[int]], max_new_tokens: int) -> None:
    """Compare what is drawn from after the longest and the shortest prompt, with each alone.

    Raises:
        UserError: as `check_losses`.
    """
    refuse_unreadable(model, prompts, max_new_tokens)
    refuse_other_mixing(model)
    some = [max(prompts, key=len), min(prompts, key=len)]
    n = min(N_DRAWN, max_new_tokens)
    written = [_some_tokens(prompt, n) for prompt in some]
    with memory_given_back(), still(model), _named(model, "draws"):
        with every_layer_reached(model, ROWS, "not see the prompt"):
            found = _stepped(model, some, written, max_new_tokens)
        with plain_attention(model, len(some[0]) + n):
            own = [own_logits(model, [*p, *new[:-1]], n) for p, new in zip(some, written, strict=True)]
    _refuse_difference(model, found.log_softmax(-1), torch.stack(own).log_softmax(-1), "draws")


def _stepped(
    model: Any, prompts: Sequence[Sequence[int]], written: Sequence[Sequence[int]], max_new_tokens: int
) -> Tensor:
    """Logits of our way to draw, shape (B, n, V), while `written` is put in for what is drawn."""
    seen = []
    with folded(model), rows_after(model, prompts, max_new_tokens) as rows:
        for tokens in torch.tensor(written, device=model.device).T:
            seen.append(rows.logits())
            rows.write(tokens)
    return torch.stack(seen, dim=1)


def _some_tokens(prompt: Sequence[int], n: int) -> list[int]:
    """The prompt's own n last tokens, over again if it has fewer."""
    return (list(prompt[-n:]) * n)[:n]


@contextmanager
def _named(model: Any, what: str) -> Iterator[None]:
    """An architecture that cannot go our way at all ends with its name."""
    try:
        yield
    except FAILURES as error:
        if is_out_of_memory(error):
            raise UserError(
                f"{architecture(model)}: too little memory to check its {what}\n{LESS}"
            ) from error
        said = f"{type(error).__name__}: {error}"
        raise UserError(
            f"{architecture(model)}: its {what} cannot be computed here ({said})\n{OTHER_BASE}"
        ) from error


def _refuse_difference(model: Any, found: Tensor, expected: Tensor, what: str) -> None:
    difference = (found.float() - expected.float()).abs().mean().item()
    allowed = ROUNDING.get(model.get_input_embeddings().weight.dtype, ROUNDING_OF_FLOAT32)
    if not difference <= allowed:
        raise UserError(
            f"{architecture(model)}: our {what} differ from its own forward pass by {difference:.2g} nats "
            f"per token; rounding explains {allowed}\nIt scales, caps, masks or keeps something in a way "
            f"that is not known here\n{OTHER_BASE}"
        )
