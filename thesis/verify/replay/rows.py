"""Replay of recorded completions: one pass over all completions of a prompt.

Each token is computed given the recorded ones before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stages.common.llm.grammar import Constraint, Grammar
from stages.common.llm.logits import finish_of
from stages.common.llm.loss import TOKENS_AT_ONCE
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
    marks, judge = marks_of(tokenizer), Judge(model, n_known(tokenizer), params, slack)
    states = _hidden_states(model, marks.end, prompt, rows)
    stops = sorted(marks.stops)
    return [
        judge.leads(own, row, stops, Constraint(grammar, 1) if grammar else None)
        for row, own in zip(rows, states, strict=True)
    ]


@dataclass(frozen=True)
class Judge:
    """What every token is judged with."""

    model: Any
    n_known: int
    params: SamplingParams
    slack: float

    def leads(
        self, states: Tensor, row: Recorded, stops: Sequence[int], constraint: Constraint | None
    ) -> list[float]:
        """Leads of a row's tokens, in their order.

        Args:
            states: hidden state before each token, shape (n_steps, D).
            stops: the end marks; the record does not say which of them was drawn.
        """
        steps = [[token] for token in row.token_ids] + [stops] * row.has_ended
        noise, found = GumbelNoise([row.seed]), list[float]()
        for start in range(0, row.n_steps, TOKENS_AT_ONCE):
            part = steps[start : start + TOKENS_AT_ONCE]
            logits = _logits(self.model, states[start : start + len(part)])
            if constraint:
                logits = _allowed(logits, part, constraint)
                part = part[: len(logits)]
            scores = logits[:, : self.n_known] / self.params.temperature
            stream = torch.cat([noise(self.n_known) for _ in part]).to(scores.device)
            found += leads(scores, stream, _recorded(part, scores), self.params, self.slack).tolist()
            if len(found) < min(start + TOKENS_AT_ONCE, row.n_steps):
                break
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
    """Logits of the next tokens: shapes (N, D) to (N, V), float32."""
    logits: Tensor = finish_of(model.config)(model.get_output_embeddings()(hidden)).float()
    if logits.isnan().any():
        raise UserError(f"{logits.device} computes NaN as logits: nothing can be compared\n{ON_THE_CPU}")
    return logits


def _allowed(logits: Tensor, steps: Sequence[Sequence[int]], constraint: Constraint) -> Tensor:
    """Logits without the tokens that the grammar forbids: shape (N, V) to (n, V).

    n is less than N if a recorded token is forbidden: it is the last.
    """
    found: list[Tensor] = []
    for one, tokens in zip(logits, steps, strict=True):
        found.append(constraint(one[None]))
        if found[-1][0, tokens].isneginf().all():
            break
        if len(tokens) == 1:
            constraint.write(tokens)
    return torch.cat(found)


def _recorded(steps: Sequence[Sequence[int]], scores: Tensor) -> Tensor:
    """Where the scores of the recorded tokens are: shape (N, V), bool."""
    found = torch.zeros_like(scores, dtype=torch.bool)
    for place, tokens in zip(found, steps, strict=True):
        place[tokens] = True
    return found
