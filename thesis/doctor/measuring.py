"""Seconds of training, scoring and drawing, from a shallow model timed for a few seconds.

What is timed is scaled by the weights that a token is multiplied with, blocks and head.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from stages.common.llm.attention import BRANCHED
from stages.common.llm.loading import load_base
from stages.common.llm.loss import token_nll
from stages.common.llm.metal import is_metal
from stages.common.llm.noise import GumbelNoise
from stages.common.llm.packing import Pack, pack
from stages.common.llm.products import folded
from stages.common.llm.sampling import SamplingParams, draw
from stages.common.llm.template import TokenPair
from stages.common.records import CONDITIONS
from stages.shell.estimate import estimate
from stages.train.lora import with_lora
from thesis.doctor.amounts import Amounts
from thesis.doctor.counting import Lengths, lengths_of
from thesis.doctor.project import Project
from thesis.doctor.random_weights import shallow_base, shallow_shape
from thesis.doctor.shapes import Shape

MAX_PRODUCTS = 20_000_000_000
"""Weights times tokens of one timed pass: about a second on two slow cores."""
MIN_TOKENS = 32
MAX_STEPS = 8
"""Tokens drawn to time one; a large base draws fewer."""


@dataclass(frozen=True)
class Measured:
    """Seconds, estimated from a shallow model."""

    stages: dict[str, float] = field(default_factory=dict)
    """Of each training, of `score`, and of `generate` if no completion ends early."""
    passes: dict[str, float] = field(default_factory=dict)
    """On Apple's GPU, of one pack by the parameter that it grows with: there, macOS may end a long pass."""


def measure(project: Project) -> Measured:
    """Time a shallow model on the device; about 5 s on two cores for the default base."""
    shape, base, params, lengths = project.shape, project.entry[1], project.train, lengths_of(project)
    amounts = Amounts.of(project)
    if shape is None:
        raise ValueError("a base of unknown shape cannot be timed")
    small = shallow_shape(shape)
    scale = shape.n_products / small.n_products
    n_tokens = max(MIN_TOKENS, MAX_PRODUCTS // small.n_products)
    with shallow_base(shape, base) as entry:
        model = with_lora(
            load_base("shallow", entry, project.device, BRANCHED), params.lora, 0, base.gradient_checkpointing
        )
        rows, cut = _rows(lengths, params.records_per_pack, n_tokens, small.vocabulary)
        splits: Any = {"train": rows, "validation": [rows[0]] * amounts.n_validation}
        trained = estimate(model, params, splits).seconds
        both = _pass_seconds(model, _packed(rows)) if is_metal(project.device.type) else None
        forward = _forward_seconds(model.eval(), _packed(rows))
        del model
        writer = load_base("shallow", entry, project.device, "sdpa").eval()
        n_read = min(n_tokens, _mean(lengths.asked))
        read, each = _draw_seconds(writer, amounts.drawn_rows, n_read, small)
    packs = lengths.pack(project.score.records_per_pack) / lengths.pack(params.records_per_pack)
    each = each * scale + _noise_seconds(amounts.drawn_rows, shape.vocabulary)
    read = read * scale * _mean(lengths.asked) / n_read
    n_steps = len(amounts.batches) * project.generate.max_new_tokens
    scored = forward * cut * scale * packs
    stages = {
        **{f"train_{condition}": trained * cut * scale for condition in CONDITIONS},
        "score": scored * amounts.n_packs,
        "generate": amounts.n_read * read + n_steps * each,
    }
    if both is None:
        return Measured(stages)
    names = ("train.common.records_per_pack", "score.records_per_pack")
    return Measured(stages, dict(zip(names, (both * cut * scale, scored), strict=True)))


def _rows(
    lengths: Lengths, n: int, n_tokens: int, vocabulary: int
) -> tuple[list[dict[str, list[int]]], float]:
    """Records of mean length that begin alike, as a `datasets` split would give them.

    Returns:
        the records, shortened so that a pack has about `n_tokens`; by how much.
    """
    cut = max(1.0, lengths.pack(n) / n_tokens)
    prompt = max(2, round(_mean([prompt for prompt, _ in lengths.pairs]) / cut))
    completion = max(2, round(_mean([completion for _, completion in lengths.pairs]) / cut))
    shared = min(round(lengths.shared / cut), prompt - 1)
    words = torch.arange(prompt + completion).remainder(vocabulary).tolist()
    return [
        {
            "prompt_ids": [*words[:shared], *[row % vocabulary] * (prompt - shared)],
            "completion_ids": words[prompt : prompt + completion],
        }
        for row in range(n)
    ], cut


def _packed(rows: list[dict[str, list[int]]]) -> Pack:
    return pack([TokenPair(row["prompt_ids"], row["completion_ids"]) for row in rows])


def _pass_seconds(model: Any, packed: Pack) -> float:
    """Seconds of one pack forwards and backwards, after a first one that compiled what runs on the GPU."""
    trained = next(weights for weights in model.parameters() if weights.requires_grad)

    def both() -> float:
        token_nll(model, packed)[0].mean().backward()
        return float(trained.grad.sum().item())  # waits for the GPU

    seconds = _timed(both)
    model.zero_grad(set_to_none=True)
    return seconds


@torch.no_grad()
def _forward_seconds(model: Any, packed: Pack) -> float:
    with folded(model):
        return _timed(lambda: token_nll(model, packed)[0].sum().item())


def _draw_seconds(model: Any, n_rows: int, n_prompt: int, small: Shape) -> tuple[float, float]:
    """Seconds to read a prompt with its first token, and for each further token of all rows."""
    prompt = [token % small.vocabulary for token in range(1, 1 + n_prompt)]
    steps = max(1, min(MAX_STEPS, MAX_PRODUCTS // small.n_products // n_rows))

    def drawing(n: int, n_tokens: int) -> Callable[[], Any]:
        params = SamplingParams(temperature=1.0, top_p=1.0, top_k=None, max_new_tokens=n_tokens)
        return lambda: draw(model, NoText(), [prompt] * n, list(range(n)), params)

    with folded(model):
        drawing(n_rows, 1)()  # the first pays for memory that later ones find ready
        first, longer = _timed(drawing(n_rows, 1)), _timed(drawing(n_rows, 1 + steps))
        return _timed(drawing(1, 1)), max(0.0, longer - first) / steps


def _noise_seconds(n_rows: int, vocabulary: int) -> float:
    """Seconds for the noise of one token, which is drawn for the base's whole vocabulary."""
    noise = GumbelNoise(range(n_rows))
    noise(vocabulary)
    return _timed(lambda: noise(vocabulary))


class NoText:
    """A tokenizer for ids that nobody reads."""

    eos_token_id = 2

    def get_vocab(self) -> dict[str, int]:
        return {"any": 10**9}

    def decode(self, ids: list[int], **_: Any) -> str:
        return ""


def _timed(work: Callable[[], Any]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def _mean(values: list[int]) -> int:
    return round(sum(values) / len(values))
