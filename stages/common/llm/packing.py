"""Several records in one sequence, their shared prompt computed once.

The longest common prefix of the prompts is the trunk; what is left of each record (the rest
of its prompt, its completion) is a branch. A branch sees the trunk and itself, and its
positions go on from the trunk's, so every token gets what it would get in a padded batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

import torch
from torch import Tensor

from stages.common.llm.template import TokenPair

IGNORED = -100
"""A target that is not trained on (torch's own convention)."""


@dataclass(frozen=True)
class Layout:
    """Where the branches of a pack are; what attention needs to know.

    B branches of at most L tokens after a trunk of P, S = P + their lengths together. The last
    token of a completion predicts nothing, and is a target alone.
    """

    n_trunk: int
    index: Tensor
    """Shape (B, L): position in the pack of each branch's tokens; 0 where the branch has ended."""
    used: Tensor
    """Shape (S - P,): the entries of `index`, flattened, at which a branch has a token."""
    visible: Tensor
    """Shape (L, P + L), bool: the trunk and the branch's own past."""

    def to(self, device: torch.device) -> "Layout":
        return Layout(self.n_trunk, *(t.to(device) for t in (self.index, self.used, self.visible)))


@dataclass(frozen=True)
class Pack:
    """Records of one micro-batch in one sequence of S tokens."""

    input_ids: Tensor
    """Shape (1, S)."""
    position_ids: Tensor
    """Shape (1, S)."""
    targets: Tensor
    """Shape (1, S): the completion token that follows, IGNORED where none does."""
    owner: Tensor
    """Shape (S,): which record a token belongs to; -1 in the trunk."""
    layout: Layout


def pack(pairs: Sequence[TokenPair]) -> Pack:
    """One pack of all `pairs`.

    The last token of a prompt always stays in its branch: it predicts the completion's
    first token, which differs between branches.
    """
    trunk = common_prefix([pair.prompt_ids[:-1] for pair in pairs])
    branches = [pair.prompt_ids[len(trunk) :] + pair.completion_ids[:-1] for pair in pairs]
    targets = [
        [IGNORED] * (len(branch) - len(pair.completion_ids)) + pair.completion_ids
        for pair, branch in zip(pairs, branches, strict=True)
    ]
    lengths = [len(branch) for branch in branches]
    starts = [range(len(trunk), len(trunk) + n) for n in lengths]
    return Pack(
        input_ids=torch.tensor([[*trunk, *chain(*branches)]]),
        position_ids=torch.tensor([[*range(len(trunk)), *(p for r in starts for p in r)]]),
        targets=torch.tensor([[*[IGNORED] * len(trunk), *chain(*targets)]]),
        owner=torch.repeat_interleave(torch.arange(-1, len(pairs)), torch.tensor([len(trunk), *lengths])),
        layout=_layout(len(trunk), lengths),
    )


def common_prefix(sequences: Sequence[Sequence[int]]) -> list[int]:
    """The longest beginning that all sequences share.

    >>> common_prefix([[1, 2, 3], [1, 2, 4], [1, 2]])
    [1, 2]
    """
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*sequences, strict=False))
    return [column[0] for column in columns]


def _layout(n_trunk: int, lengths: Sequence[int]) -> Layout:
    longest = max(lengths)
    ends = torch.tensor(lengths).cumsum(0) + n_trunk
    starts = ends - torch.tensor(lengths)
    steps = torch.arange(longest)
    has_token = steps < torch.tensor(lengths)[:, None]
    own_past = torch.ones(longest, longest, dtype=torch.bool).tril()
    return Layout(
        n_trunk=n_trunk,
        index=torch.where(has_token, starts[:, None] + steps, 0),
        used=has_token.flatten().nonzero()[:, 0],
        visible=torch.cat([torch.ones(longest, n_trunk, dtype=torch.bool), own_past], dim=1),
    )
