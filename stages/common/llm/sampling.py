"""Drawing completions whose noise depends on their own seed and nothing else (see `noise`)."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import torch
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor
from transformers import LogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from stages.common.llm.decoding import Rows, rows_after
from stages.common.llm.grammar import Constraint, Grammar
from stages.common.llm.marks import marks_of, n_known
from stages.common.llm.noise import GumbelNoise
from stages.common.llm.written import Drawn, Watch, drawn_of
from stages.common.params import Params
from stages.shell.errors import UserError
from stages.shell.remedies import ON_THE_CPU


class SamplingParams(Params):
    """How tokens are drawn; the checkpoint's own generation config is ignored."""

    temperature: PositiveFloat
    """Logits are divided by it; 1 draws from the model's own distribution."""
    top_p: float = Field(gt=0, le=1)
    """Draw from the smallest set of tokens with this probability; 1 draws from all."""
    top_k: PositiveInt | None
    """Draw from the k likeliest tokens; null draws from all."""
    max_new_tokens: PositiveInt


ENDED = 0.2
"""Share of rows that have ended from which on they are not computed any more: dropping them costs copies."""


@torch.no_grad()
def draw(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Sequence[int]],
    seeds: Sequence[int],
    params: SamplingParams,
    *,
    grammar: Grammar | None = None,
    watch: Watch | None = None,
) -> list[Drawn]:
    """One completion per row, computed together, of tokens that have a text.

    Args:
        prompts: token ids by row.
        seeds: of each row's noise.
        grammar: of what may be written; None if anything may.
        watch: changes no text; what it raises ends the draw.

    Raises:
        UserError: the device computes NaN as logits.
    """
    stops, most, known = marks_of(tokenizer).stops, params.max_new_tokens, n_known(tokenizer)
    written: list[list[int]] = [[] for _ in prompts]
    going = sorted(range(len(prompts)), key=lambda row: tuple(prompts[row]))  # those of one prompt together
    noise = GumbelNoise([seeds[row] for row in going])
    constraint = Constraint(grammar, len(going)) if grammar else None
    with rows_after(model, [prompts[row] for row in going], most) as rows:
        together = _Together(rows, noise, constraint)
        while going:
            for row, token in zip(going, together.draw(known, params), strict=True):
                written[row] += [] if _has_ended(written[row], stops, most) else [token]
            if watch:
                watch([drawn_of(ids, tokenizer) for ids in written])
            kept = [n for n, row in enumerate(going) if not _has_ended(written[row], stops, most)]
            if (len(going) - len(kept)) / len(going) >= ENDED:
                going = [going[place] for place in kept]
                together.keep(kept)
    return [drawn_of(ids, tokenizer) for ids in written]


@dataclass(frozen=True)
class _Together:
    """Rows that are computed together, with the noise of each and what the grammar forbids it."""

    rows: Rows
    noise: GumbelNoise
    constraint: Constraint | None

    def draw(self, n_known: int, params: SamplingParams) -> list[int]:
        """The next token of each row, one of the first `n_known`; the rows go on from it."""
        scores = _warped(_fitting(self.rows.logits(), self.constraint)[:, :n_known], params)
        tokens = (scores + self.noise(scores.shape[-1]).to(scores.device)).argmax(-1)
        drawn: list[int] = tokens.tolist()
        self.rows.write(tokens)
        if self.constraint:
            self.constraint.write(drawn)
        return drawn

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone."""
        self.rows.keep(rows)
        self.noise.keep(rows)
        if self.constraint:
            self.constraint.keep(rows)


def _has_ended(ids: Sequence[int], stops: Set[int], most: int) -> bool:
    return len(ids) == most or bool(ids and ids[-1] in stops)


def _fitting(logits: Tensor, constraint: Constraint | None) -> Tensor:
    """Logits without the tokens that the grammar forbids."""
    if logits.isnan().any():  # the largest of a row with NaN is any token
        raise UserError(f"{logits.device} computes NaN as logits: nothing can be drawn\n{ON_THE_CPU}")
    return constraint(logits) if constraint else logits


def _warped(logits: Tensor, params: SamplingParams) -> Tensor:
    """Logits of shape (B, V) after temperature, top-k and top-p, in the order of transformers' sampling."""
    warpers: list[LogitsProcessor] = [TemperatureLogitsWarper(params.temperature)]
    if params.top_k is not None:
        warpers.append(TopKLogitsWarper(params.top_k))
    if params.top_p < 1:
        warpers.append(TopPLogitsWarper(params.top_p))
    for warper in warpers:
        logits = warper(None, logits)
    return logits
