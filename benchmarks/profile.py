"""Show where a step of drawing, scoring and training spends its time, by groups of operators.

    python -m benchmarks.profile

It prints a table for docs/speed.md. "Python and the rest" is the time in which no operator ran.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from stages.common.files import read_records
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import load_base_entry
from stages.common.llm.decoding import rows_after
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, using
from stages.common.llm.loss import token_nll
from stages.common.llm.noise import GumbelNoise
from stages.common.llm.packing import pack
from stages.common.llm.pairs import token_pairs
from stages.common.params import load_params
from stages.common.records import Example
from stages.generate.__main__ import ADAPTERS, PREPARED
from stages.score.params import ScoreParams
from stages.train.lora import with_lora
from stages.train.params import TrainParams

CPU = torch.device("cpu")
STEPS, WARM = 10, 3
PRODUCTS = ("mm", "addmm", "bmm", "baddbmm", "_linear_pointwise", "linear", "matmul", "addmv")
ATTENTION = ("attention", "softmax", "cat", "index_put")
NOISE = "noise"
"""Name of the range around the noise, which NumPy draws."""


def main() -> None:
    print("| step | ms | products | attention | noise | other operators | Python and the rest |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for n_rows in (30, 10, 1):
        _print(f"drawing, {n_rows} rows", decoding(n_rows))
    _print("scoring, 40 records", scoring())
    _print("training, 4 records", training())


def decoding(n_rows: int) -> dict[str, float]:
    """Milliseconds of a step by group, with an adapter, after a prompt of the study."""
    name, base = load_base_entry()
    model = add_adapters(load_base(name, base, CPU, None), ADAPTERS)
    [pair, *_] = token_pairs(load_tokenizer(name, base), base.template, _examples(1), 4096, "", "")
    noise = GumbelNoise([*range(n_rows)])
    with (
        torch.no_grad(),
        using(model, "original"),
        rows_after(model, [pair.prompt_ids] * n_rows, 144) as rows,
    ):

        def step() -> None:
            logits = rows.logits()
            with torch.profiler.record_function(NOISE):
                drawn = noise(logits.shape[-1])
            rows.write((logits + drawn).argmax(-1))

        return grouped(step)


def scoring() -> dict[str, float]:
    """Milliseconds of a pack by group: losses under an adapter, without a way back."""
    name, base = load_base_entry()
    model = add_adapters(load_base(name, base, CPU, BRANCHED), ADAPTERS)
    size = load_params(ScoreParams, section="score").records_per_pack
    pairs = token_pairs(load_tokenizer(name, base), base.template, _examples(size), 4096, "", "")
    with torch.no_grad(), using(model, "original"):
        return grouped(lambda: token_nll(model, pack(pairs)), steps=2)


def training() -> dict[str, float]:
    """Milliseconds of a step by group: forwards, backwards and AdamW."""
    name, base = load_base_entry()
    params = load_params(TrainParams, section="train.common")
    model = with_lora(load_base(name, base, CPU, BRANCHED), params.lora, 1, False)
    optimizer = torch.optim.AdamW([w for w in model.parameters() if w.requires_grad])
    pairs = token_pairs(load_tokenizer(name, base), base.template, _examples(4), 4096, "", "")

    def step() -> None:
        token_nll(model, pack(pairs))[0].mean().backward()
        optimizer.step()
        optimizer.zero_grad()

    return grouped(step)


def grouped(step: Callable[[], object], steps: int = STEPS) -> dict[str, float]:
    """Milliseconds per step: all, without the profiler, and by group as shares of the profiled time."""
    for _ in range(min(WARM, steps)):
        step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    whole = (time.perf_counter() - start) / steps * 1e3
    with profile(activities=[ProfilerActivity.CPU]) as found:
        start = time.perf_counter()
        for _ in range(steps):
            step()
        profiled = time.perf_counter() - start
    sums = by_group([(one.key, one.self_cpu_time_total / 1e6) for one in found.key_averages()])
    rest = profiled - sum(sums.values())
    return {"all": whole} | {group: n / profiled * whole for group, n in (sums | {"rest": rest}).items()}


def by_group(operators: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Sums of (name, seconds) by group."""
    sums = dict.fromkeys(("products", "attention", "noise", "others"), 0.0)
    for name, seconds in operators:
        sums[_group(name)] += seconds
    return sums


def _group(name: str) -> str:
    plain = name.rpartition("::")[2]
    if name == NOISE:
        return "noise"
    if plain in PRODUCTS or "LoraProduct" in name:
        return "products"
    return "attention" if any(part in plain for part in ATTENTION) else "others"


def _examples(n: int) -> list[Example]:
    return read_records(PREPARED / "original" / "train.jsonl", Example)[:n]


def _print(name: str, found: dict[str, Any]) -> None:
    cells = (found[key] for key in ("all", "products", "attention", "noise", "others", "rest"))
    print(f"| {name} | {' | '.join(f'{cell:.0f}' for cell in cells)} |", flush=True)


if __name__ == "__main__":
    main()
