"""Attention over a pack: the trunk to itself, every branch to the trunk and itself.

The same result as one dense block mask over the whole pack, without computing the blocks
that the mask would hide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout as dropped
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

from stages.common.llm.causal import causal_attention
from stages.common.llm.packing import Layout
from stages.shell.errors import UserError
from stages.shell.remedies import OTHER_BASE

BRANCHED = "branched"
"""Name in transformers' `attn_implementation`."""
WITHOUT_EFFECT = {"position_ids", "use_cache", "output_router_logits"}
"""Arguments of a layer that change nothing here: query and key hold the positions, the cache is ours."""


def branched_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    layout: Layout | None = None,
    scaling: float | None = None,
    dropout: float = 0.0,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Attention of one pack: shape (1, S, H, D), and no weights, as transformers' AttentionInterface asks.

    Args:
        query: shape (1, H, S, D).
        key: shape (1, K, S, D), K key-value heads, H a multiple of K.
        value: as key.
        attention_mask: none; the layout says who sees whom.
        sliding_window: number of tokens that a token sees, itself included; all if None.
        softcap: the scores go through softcap * tanh(score / softcap), Gemma 2's way.

    Raises:
        UserError: names an argument that is unknown here and would be ignored; the layout did not arrive.
    """
    refuse_unknown(module, others, "training and scoring do")
    if layout is None:
        raise not_told(module, "which tokens belong to which record")
    how = Scores(scaling, softcap, dropout)
    branches = _of_branches(how, query, (key, value), layout, sliding_window)
    if layout.n_trunk == 0:
        return branches, None
    keys, values = (_repeated(states[:, :, : layout.n_trunk], query) for states in (key, value))
    trunk = how.attend_causally(query[:, :, : layout.n_trunk], keys, values, sliding_window)
    return torch.cat([trunk.transpose(1, 2), branches], dim=1), None


def _of_branches(
    how: "Scores", query: Tensor, states: Sequence[Tensor], layout: Layout, window: int | None
) -> Tensor:
    """Attention of the tokens after the trunk, each to the trunk and its own branch: shape (1, N, H, D)."""
    keys, values = (_repeated(_after_trunk(one, layout), query) for one in states)
    branches = how.attend(_by_branch(query, layout), keys, values, _within(layout.visible, window))
    return branches.transpose(1, 2).flatten(0, 1).index_select(0, layout.used)[None]


def _repeated(states: Tensor, query: Tensor) -> Tensor:
    """Keys or values of each head of the query, where several heads share them."""
    return states.repeat_interleave(query.shape[1] // states.shape[1], dim=1)


@dataclass(frozen=True)
class Scores:
    """Steps from the products of queries and keys to the weights of the values."""

    scaling: float | None
    softcap: float | None
    dropout: float

    def attend(self, query: Tensor, key: Tensor, value: Tensor, visible: Tensor) -> Tensor:
        """Shapes (B, H, L, D), (B, H, N, D) twice and (L, N) bool, to (B, H, L, D)."""
        if self.softcap is None:
            return scaled_dot_product_attention(
                query, key, value, attn_mask=visible, dropout_p=self.dropout, scale=self.scaling
            )
        scale = query.shape[-1] ** -0.5 if self.scaling is None else self.scaling
        scores = self.softcap * (query @ key.mT * scale / self.softcap).tanh()
        wide = torch.promote_types(query.dtype, torch.float32)
        weights = scores.masked_fill(~visible, -torch.inf).softmax(-1, dtype=wide).to(query.dtype)
        return dropped(weights, self.dropout) @ value

    def attend_causally(self, query: Tensor, key: Tensor, value: Tensor, window: int | None) -> Tensor:
        """Shapes (B, H, L, D) each, to the same: a token sees itself and what is before it."""
        n_tokens = query.shape[-2]
        if self.softcap is None and not self.dropout and (window is None or window >= n_tokens):
            return causal_attention(query, key, value, self.scaling)
        past = torch.ones(n_tokens, n_tokens, dtype=torch.bool, device=query.device).tril()
        return self.attend(query, key, value, _within(past, window))


def _within(visible: Tensor, window: int | None) -> Tensor:
    """`visible`, shape (L, N), limited to the window; the last query is the last key."""
    n_queries, n_keys = visible.shape
    return visible if window is None else visible.triu(n_keys - n_queries + 1 - window)


def refuse_unknown(module: nn.Module, others: Mapping[str, Any], who: str) -> None:
    """Raise UserError for arguments of a layer that would be ignored.

    Args:
        who: subject and verb of the message, as in "drawing does".
    """
    unknown = sorted(name for name in others.keys() - WITHOUT_EFFECT if others[name] is not None)
    if unknown:
        raise UserError(
            f"{type(module).__name__} asks for {', '.join(unknown)}, which {who} not compute\n{OTHER_BASE}"
        )


def not_told(module: nn.Module, what: str) -> UserError:
    """The refusal of a layer that an argument of ours did not reach."""
    return UserError(
        f"{type(module).__name__} is not told {what}, because its layers do not pass on their arguments\n"
        f"{OTHER_BASE}"
    )


def _by_branch(tensor: Tensor, layout: Layout) -> Tensor:
    """Shape (1, H, S, D) to (B, H, L, D): whole rows, which is how they lie in memory."""
    rows = tensor[0].transpose(0, 1).index_select(0, layout.index.flatten())
    return rows.view(*layout.index.shape, *rows.shape[1:]).transpose(1, 2)


def _after_trunk(states: Tensor, layout: Layout) -> Tensor:
    """Shape (1, H, S, D) to (B, H, P + L, D): each branch behind the trunk."""
    trunk, branches = states[:, :, : layout.n_trunk], _by_branch(states, layout)
    return torch.cat([trunk.expand(len(branches), -1, -1, -1), branches], dim=2)


AttentionInterface.register(BRANCHED, branched_attention)
