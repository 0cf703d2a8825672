"""Drawing completions whose noise depends on their own seed and nothing else.

Gumbel noise is added to each row's logits and the largest wins, which is a draw from the
softmax (Gumbel 1954; Maddison et al. 2014, A* Sampling, section 2). A draw is therefore the
same whichever other draws it is computed with, as far as the device's logits are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor
from torch.nn.functional import pad as padded
from transformers import (
    Cache,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from stages.common.llm.beginning import begun
from stages.common.llm.grammar import Constraint, Grammar
from stages.common.llm.marks import Marks, marks_of
from stages.common.llm.written import Drawn, Watch, Watcher, drawn_of
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


class GumbelNoise(LogitsProcessor):
    """Add to each row the noise of its own generator; the last of the processors."""

    def __init__(self, seeds: Sequence[int]) -> None:
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Scores of shape (B, V) to noisy ones of the same shape, float32; UserError at NaN."""
        if scores.isnan().any():  # the largest of a row with NaN is any token
            raise UserError(f"{scores.device} computes NaN as logits: nothing can be drawn\n{ON_THE_CPU}")
        n_tokens = scores.shape[-1]
        waits = [torch.empty(n_tokens).exponential_(generator=g) for g in self.generators]
        return scores.float() - torch.stack(waits).log().to(scores.device)

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone."""
        self.generators = [self.generators[row] for row in rows]


class HalfEnded(StoppingCriteria):
    """Stops all rows once half of them have ended, so that those need not be computed on."""

    def __init__(self, stops: Tensor) -> None:
        self.stops = stops

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: Any) -> Tensor:
        """Ids of shape (B, S) to shape (B,); a row that has ended goes on in the padding, an end mark."""
        ended = torch.isin(input_ids[:, -1], self.stops)
        return torch.full_like(ended, 2 * int(ended.sum()) >= len(ended))


@dataclass
class Going:
    """The rows that have not ended, with everything that has a row for each of them."""

    rows: list[int]
    ids: Tensor
    """Shape (B, S)."""
    mask: Tensor
    """Shape (B, up to S)."""
    cache: Cache
    followers: Sequence[GumbelNoise | Constraint | Watcher]

    def go_on(self, ids: Tensor, kept: Tensor) -> None:
        """Take what was written, shape (B, S), and keep these of the rows, shape (K,)."""
        self.mask = padded(self.mask, (0, ids.shape[1] - self.mask.shape[1]), value=1)[kept]
        self.ids, places = ids[kept], kept.tolist()
        self.rows = [self.rows[place] for place in places]
        for follower in self.followers:
            follower.keep(places)
        self.cache.batch_select_indices(kept)


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
    """One completion per row, computed together.

    What all prompts begin with is computed once and its cache repeated.

    Args:
        prompts: token ids by row.
        seeds: of each row's noise.
        grammar: of what may be written; None if anything may.
        watch: changes no text; what it raises ends the draw.
    """
    marks = marks_of(tokenizer)
    stops = torch.tensor(sorted(marks.stops), device=model.device)
    rows, mask, cache = begun(model, prompts, marks.end, params.max_new_tokens)
    longest, n_rows = mask.shape[1], len(rows)
    noise = GumbelNoise(seeds)
    constraints = [Constraint(grammar, n_rows)] if grammar else []
    watchers = [Watcher(watch, tokenizer, longest, n_rows)] if watch else []
    ids = torch.tensor(rows, device=model.device)
    going = Going(list(range(n_rows)), ids, mask, cache, [noise, *constraints, *watchers])
    while going.rows and (n_left := longest + params.max_new_tokens - going.ids.shape[1]) > 0:
        ids = model.generate(
            input_ids=going.ids,
            attention_mask=going.mask,
            past_key_values=cache,
            generation_config=_greedy(marks, n_left),
            logits_processor=LogitsProcessorList([*constraints, *_warpers(params), noise]),
            stopping_criteria=StoppingCriteriaList([HalfEnded(stops), *watchers]),
        )
        for row, written in zip(going.rows, ids.tolist(), strict=True):
            rows[row] = written
        going.go_on(ids, torch.isin(ids[:, -1], stops, invert=True).nonzero()[:, 0])
    return [drawn_of(row[longest:], tokenizer) for row in rows]


def _greedy(marks: Marks, n_tokens: int) -> GenerationConfig:
    """Choose the largest logit; the added noise makes it a draw."""
    return GenerationConfig(
        do_sample=False,
        max_new_tokens=n_tokens,
        eos_token_id=sorted(marks.stops),
        pad_token_id=marks.end,
    )


def _warpers(params: SamplingParams) -> list[LogitsProcessor]:
    """Processors in the order of transformers' own sampling."""
    warpers: list[LogitsProcessor] = [TemperatureLogitsWarper(params.temperature)]
    if params.top_k is not None:
        warpers.append(TopKLogitsWarper(params.top_k))
    if params.top_p < 1:
        warpers.append(TopPLogitsWarper(params.top_p))
    return warpers
