"""Completions of our own arms: every draw there once, its seed derived again, its adapter's hash."""

from collections.abc import Iterator
from itertools import product

from pydantic import ConfigDict

from stages.common.files import read_records, sha256_of
from stages.common.params import Params, load_params
from stages.common.prompts import load_asked_prompts
from stages.common.records import CONDITIONS, Completion
from stages.common.schema import load_schema
from stages.common.seeds import seed_for
from thesis.verify.artifacts import ADAPTERS, GENERATED
from thesis.verify.belonging.rows import same_rows
from thesis.verify.findings import Finding, unchecked

STAGE = "generate"
CONSTRAINED = "+constrained"
LORA = "+lora"


class Drawn(Params):
    """Keys of the section `generate` that say which draws there are. The stage's own class loads torch."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    seed: int
    draws: int
    constrained: bool
    max_new_tokens: int


def check(base: str) -> Iterator[Finding]:
    """All draws.

    Args:
        base: the word after `base:` of params.yaml.
    """
    if not GENERATED.exists():
        yield unchecked(STAGE, "completions", f"{GENERATED} is not there")
        return
    params = load_params(Drawn, section="generate")
    rows = read_records(GENERATED, Completion)
    prompts = [prompt.id for prompt in load_asked_prompts(load_schema())]
    numbers = range(1, params.draws + 1)
    expected = product(_arms(base, constrained=params.constrained), prompts, numbers)
    yield same_rows(
        STAGE, "completions of every arm, prompt and draw", expected, [_place(row) for row in rows]
    )
    seeds = {_place(row): seed_for(params.seed, *_place(row)) for row in rows}
    yield _all(rows, "seeds, derived again", [row for row in rows if row.seed != seeds[_place(row)]])
    yield _all(rows, "lengths of receipts", [row for row in rows if not _is_long_enough(row, params)])
    yield from _adapters(rows)


def _arms(base: str, *, constrained: bool) -> list[str]:
    """Names of our arms, put together apart from the stage's own code."""
    free = [(base, "none"), *((base + kind, c) for kind in ("+shots", LORA) for c in CONDITIONS)]
    ends = ["", CONSTRAINED] if constrained else [""]
    return [f"{source}{end}/{condition}" for end in ends for source, condition in free]


def _adapters(rows: list[Completion]) -> Iterator[Finding]:
    """Whether each completion names the adapter that is here, and those of the base name none."""
    absent = [str(folder) for folder in ADAPTERS.values() if not folder.is_dir()]
    if absent:
        yield unchecked(STAGE, "adapter of each completion", f"{', '.join(absent)}: not there")
        return
    sha256: dict[str, str] = {condition: sha256_of(folder) for condition, folder in ADAPTERS.items()}
    wrong = [
        row
        for row in rows
        if row.adapter_sha256
        != (sha256[row.condition] if row.source.removesuffix(CONSTRAINED).endswith(LORA) else None)
    ]
    yield _all(rows, "adapter of each completion, by sha256", wrong)


def _is_long_enough(row: Completion, params: Drawn) -> bool:
    """Whether a completion that was cut off has as many tokens as could be drawn, and no other has more."""
    n = len(row.token_ids)
    return n == params.max_new_tokens if row.ended == "length" else n < params.max_new_tokens


def _place(row: Completion) -> tuple[str, str, int]:
    return row.arm, row.prompt_id, row.draw


def _all(rows: list[Completion], what: str, wrong: list[Completion]) -> Finding:
    told = f"all {len(rows)}"
    named = ", ".join(f"{row.arm} {row.prompt_id} {row.draw}" for row in wrong[:3])
    return Finding(STAGE, what, told, f"{len(wrong)} differ: {named}" if wrong else told, not wrong)
