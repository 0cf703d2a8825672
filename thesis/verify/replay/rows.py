"""Replay of recorded completions: one pass over all completions of a prompt.

Each token is computed given the recorded ones before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.grammar import Constraint, Grammar
from stages.common.llm.logits import finish_of
from stages.common.llm.marks import marks_of, n_known
from stages.common.llm.noise import GumbelNoise
from stages.common.llm.packing import pack
from stages.common.llm.sampling import SamplingParams
from stages.common.llm.template import TokenPair
from stages.shell.errors import UserError
from stages.shell.remedies import ON_THE_CPU
from thesis.verify.replay.leads import leads
from thesis.verify.replay.receipts import Recorded


@torch.no_grad()
def replay(
    model: Any,
    tokenizer: Any,
    prompt: Sequence[int],
    rows: Sequence[Recorded],
    params: SamplingParams,
    *,
    grammar: Grammar | None = None,
    slack: float = 0.0,
) -> list[list[float]]:
    """The lead of every drawn token of each row, the end mark's last (see `leads`).

    Each token is computed from the recorded ones before it, so one that differs spoils no other. After a
    token that the grammar forbids, nobody knows what the grammar allows: the row's list ends with that token.

    Args:
        model: loaded with attention "branched".
        prompt: its token ids; it is read once for all rows.
        rows: of this prompt, drawn with the adapter that is on; each drew a token at least.
        slack: of scores, see `leads`.

    Raises:
        UserError: the device computes NaN as logits.
    """
    marks, width = marks_of(tokenizer), n_known(tokenizer)
    states = _hidden_states(model, marks.end, prompt, rows)
    begun = [
        _Row(
            row,
            own,
            sorted(marks.stops),
            GumbelNoise([row.seed]),
            Constraint(grammar, 1) if grammar else None,
        )
        for row, own in zip(rows, states, strict=True)
    ]
    while going := [row for row in begun if row.goes_on]:
        logits = _logits(model, torch.stack([row.state for row in going]))
        allowed = torch.cat([row.allowed(one[None]) for row, one in zip(going, logits, strict=True)])
        scores = allowed[:, :width] / params.temperature
        noise = torch.cat([row.noise(width) for row in going]).to(scores.device)
        found = leads(scores, noise, _recorded(going, scores), params, slack)
        for row, lead, own in zip(going, found.tolist(), scores, strict=True):
            row.take(lead, own)
    return [row.leads for row in begun]


@dataclass
class _Row:
    """A completion on its way from its first token to its end."""

    recorded: Recorded
    states: Tensor
    """Hidden state before each token, shape (n_steps, D)."""
    stops: Sequence[int]
    noise: GumbelNoise
    constraint: Constraint | None
    leads: list[float] = field(default_factory=list)
    is_lost: bool = False
    """Whether the grammar forbade a recorded token."""

    @property
    def goes_on(self) -> bool:
        return not self.is_lost and len(self.leads) < self.recorded.n_steps

    @property
    def state(self) -> Tensor:
        return self.states[len(self.leads)]

    @property
    def tokens(self) -> Sequence[int]:
        """The next recorded token; any end mark at the end, as the record does not say which it was."""
        step, ids = len(self.leads), self.recorded.token_ids
        return [ids[step]] if step < len(ids) else self.stops

    def allowed(self, logits: Tensor) -> Tensor:
        """Logits without the tokens that the grammar forbids next: shape (1, V) to (1, V)."""
        return self.constraint(logits) if self.constraint else logits

    def take(self, lead: float, scores: Tensor) -> None:
        """Keep the token's lead, and tell the grammar which token it was."""
        tokens = self.tokens
        self.leads.append(lead)
        self.is_lost = bool(scores[tokens].isneginf().all())
        if self.constraint and self.goes_on:
            self.constraint.write(tokens)


def _recorded(rows: Sequence[_Row], scores: Tensor) -> Tensor:
    """Where the scores of the next recorded tokens are: shape (B, V), bool."""
    found = torch.zeros_like(scores, dtype=torch.bool)
    for place, row in zip(found, rows, strict=True):
        place[row.tokens] = True
    return found


def _hidden_states(model: Any, end: int, prompt: Sequence[int], rows: Sequence[Recorded]) -> list[Tensor]:
    """Last hidden state before each drawn token: shape (n_steps, D) by row."""
    # the last id of a completion is a target alone, so `end` stands for whichever end mark was drawn
    pairs = [TokenPair([*prompt], [*row.token_ids, *[end] * row.has_ended]) for row in rows]
    packed, device = pack(pairs), next(model.parameters()).device
    states = model.get_decoder()(
        input_ids=packed.input_ids.to(device),
        position_ids=packed.position_ids.to(device),
        layout=packed.layout.to(device),
        use_cache=False,
    ).last_hidden_state[0]
    owner = packed.owner.to(device)
    return [states[owner == place][-row.n_steps :] for place, row in enumerate(rows)]


def _logits(model: Any, hidden: Tensor) -> Tensor:
    """Logits of the next tokens: shapes (B, D) to (B, V), float32."""
    logits: Tensor = finish_of(model.config)(model.get_output_embeddings()(hidden)).float()
    if logits.isnan().any():
        raise UserError(f"{logits.device} computes NaN as logits: nothing can be compared\n{ON_THE_CPU}")
    return logits
