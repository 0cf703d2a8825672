"""Drawing completions whose noise depends on their own seed and nothing else.

Gumbel noise is added to each row's logits and the largest wins, which is a draw from the
softmax (Gumbel 1954; Maddison et al. 2014, A* Sampling, section 2). A draw is therefore the
same whichever other draws it is computed with, as far as the device's logits are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor
from transformers import (
    Cache,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from stages.common.llm.cache import RoomyLayer
from stages.common.llm.packing import common_prefix
from stages.common.params import Params


class SamplingParams(Params):
    """How tokens are drawn; the checkpoint's own generation config is ignored."""

    temperature: PositiveFloat
    """Logits are divided by it; 1 draws from the model's own distribution."""
    top_p: float = Field(gt=0, le=1)
    """Draw from the smallest set of tokens with this probability; 1 draws from all."""
    top_k: PositiveInt | None
    """Draw from the k likeliest tokens; null draws from all."""
    max_new_tokens: PositiveInt


@dataclass(frozen=True)
class Drawn:
    """One completion."""

    text: str
    n_tokens: int
    """Without EOS."""
    ended: Literal["eos", "length"]


class GumbelNoise(LogitsProcessor):
    """Adds to row b the noise of its own generator; the last of the processors."""

    def __init__(self, seeds: Sequence[int]) -> None:
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Scores of shape (B, V) to noisy ones of the same shape, float32."""
        n_tokens = scores.shape[-1]
        waits = [torch.empty(n_tokens).exponential_(generator=g) for g in self.generators]
        return scores.float() - torch.stack(waits).log().to(scores.device)


@torch.no_grad()
def draw(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Sequence[int]],
    seeds: Sequence[int],
    params: SamplingParams,
) -> list[Drawn]:
    """One completion per row, computed together.

    What all prompts begin with is computed once and its cache repeated.

    Args:
        prompts: token ids by row.
        seeds: of each row's noise.
    """
    pad = tokenizer.eos_token_id
    trunk = common_prefix([prompt[:-1] for prompt in prompts])
    longest = max(map(len, prompts))
    pads = [longest - len(prompt) for prompt in prompts]
    ids = [[*trunk, *[pad] * n, *prompt[len(trunk) :]] for n, prompt in zip(pads, prompts, strict=True)]
    mask = [[1] * len(trunk) + [0] * n + [1] * (longest - len(trunk) - n) for n in pads]
    rows = model.generate(
        input_ids=torch.tensor(ids, device=model.device),
        attention_mask=torch.tensor(mask, device=model.device),
        past_key_values=_trunk_cache(model, trunk, len(prompts)),
        generation_config=GenerationConfig(
            do_sample=False,
            max_new_tokens=params.max_new_tokens,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=pad,
        ),
        logits_processor=LogitsProcessorList([*_warpers(params), GumbelNoise(seeds)]),
    )
    return [_drawn(row[longest:].tolist(), tokenizer) for row in rows]


def _trunk_cache(model: Any, trunk: Sequence[int], n_rows: int) -> Cache:
    """Keys and values of the trunk, for every row."""
    cache = Cache(layer_class_to_replicate=RoomyLayer)
    if trunk:
        ids = torch.tensor([list(trunk)], device=model.device)
        model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache.batch_repeat_interleave(n_rows)
    return cache


def _warpers(params: SamplingParams) -> list[LogitsProcessor]:
    """In the order of transformers' own sampling."""
    warpers: list[LogitsProcessor] = [TemperatureLogitsWarper(params.temperature)]
    if params.top_k is not None:
        warpers.append(TopKLogitsWarper(params.top_k))
    if params.top_p < 1:
        warpers.append(TopPLogitsWarper(params.top_p))
    return warpers


def _drawn(ids: list[int], tokenizer: Any) -> Drawn:
    ended = tokenizer.eos_token_id in ids
    ids = ids[: ids.index(tokenizer.eos_token_id)] if ended else ids
    text = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return Drawn(text, len(ids), "eos" if ended else "length")
