"""Recorded tokens computed again on a tiny random Llama: honest ones win, all others are caught."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stages.common.llm.sampling import SamplingParams
from thesis.verify.replay.receipts import Recorded

PARAMS = SamplingParams(temperature=0.9, top_p=1.0, top_k=None, max_new_tokens=40)
NARROW = SamplingParams(temperature=1.3, top_p=0.7, top_k=50, max_new_tokens=40)
TOLERANCE = 1e-3
PROMPT = [0, *range(20, 60)]


def drawn(llama: Any, tokenizer: Any, params: SamplingParams, n: int = 12) -> list[Recorded]:
    from stages.common.llm.sampling import draw

    seeds = list(range(100, 100 + n))
    found = draw(llama, tokenizer, [PROMPT] * n, seeds, params)
    return [Recorded(one.token_ids, one.ended == "eos", seed) for one, seed in zip(found, seeds, strict=True)]


def replayed(model: Any, tokenizer: Any, rows: Sequence[Recorded], params: SamplingParams = PARAMS) -> Any:
    from thesis.verify.replay.rows import replay

    return replay(model, tokenizer, PROMPT, rows, params, slack=TOLERANCE)


def n_wrong(leads: Sequence[Sequence[float]]) -> int:
    return sum(lead < -TOLERANCE for row in leads for lead in row)


@pytest.mark.parametrize("params", [PARAMS, NARROW])
def test_every_honest_token_wins(llama: Any, branched: Any, tokenizer: Any, params: SamplingParams) -> None:
    rows = drawn(llama, tokenizer, params, n=60)
    leads = replayed(branched, tokenizer, rows, params)
    assert [len(one) for one in leads] == [row.n_steps for row in rows]
    assert any(row.has_ended for row in rows)
    assert any(not row.has_ended for row in rows)
    assert n_wrong(leads) == 0


def test_a_forged_token_is_caught_alone(llama: Any, branched: Any, tokenizer: Any) -> None:
    # the forger puts in a token of their choice, and draws on honestly with the seed's noise
    rows = forged(llama, [drawn(llama, tokenizer, PARAMS)[0]], place=5, token=77)
    (leads,) = replayed(branched, tokenizer, rows)
    assert [place for place, lead in enumerate(leads) if lead < -TOLERANCE] == [5]


def test_a_text_cut_short_is_caught_at_its_end(llama: Any, branched: Any, tokenizer: Any) -> None:
    rows = [row for row in drawn(llama, tokenizer, PARAMS) if row.n_steps > 10]
    short = [replace(row, token_ids=row.token_ids[:8], has_ended=True) for row in rows]
    leads = replayed(branched, tokenizer, short)
    assert all(one[-1] < -TOLERANCE for one in leads)
    assert n_wrong([one[:-1] for one in leads]) == 0


def test_another_seed_is_caught(llama: Any, branched: Any, tokenizer: Any) -> None:
    rows = [replace(row, seed=row.seed + 1000) for row in drawn(llama, tokenizer, PARAMS)]
    leads = replayed(branched, tokenizer, rows)
    assert all(n_wrong([one]) > 0.9 * len(one) for one in leads)


def test_another_base_is_caught(llama: Any, branched: Any, tokenizer: Any, tmp_path: Path) -> None:
    other = other_base(llama, tokenizer, tmp_path)
    assert n_wrong(replayed(other, tokenizer, drawn(llama, tokenizer, PARAMS))) > 10


def test_rounding_is_within_the_tolerance(llama: Any, branched: Any, tokenizer: Any) -> None:
    rows = drawn(llama, tokenizer, PARAMS)
    together = replayed(branched, tokenizer, rows)
    alone = [replayed(branched, tokenizer, [row])[0] for row in rows]
    differences = [
        abs(a - b) for one, two in zip(together, alone, strict=True) for a, b in zip(one, two, strict=True)
    ]
    assert max(differences) < TOLERANCE / 10


def test_a_grammar_is_replayed(llama: Any, branched: Any, tokenizer: Any) -> None:
    pytest.importorskip("xgrammar")
    from stages.common.llm.grammar import grammar_of
    from stages.common.llm.sampling import draw
    from stages.common.schema import load_schema
    from thesis.verify.replay.rows import replay

    grammar = grammar_of(load_schema(), tokenizer, llama.config.vocab_size)
    found = draw(llama, tokenizer, [PROMPT] * 3, [1, 2, 3], PARAMS, grammar=grammar)
    rows = [Recorded(one.token_ids, one.ended == "eos", seed) for seed, one in enumerate(found, start=1)]
    assert n_wrong(replay(branched, tokenizer, PROMPT, rows, PARAMS, grammar=grammar, slack=TOLERANCE)) == 0
    free = n_wrong(replay(branched, tokenizer, PROMPT, rows, PARAMS, slack=TOLERANCE))
    assert free > 10  # without the grammar other tokens would have won
    broken = [
        replace(row, token_ids=[*row.token_ids[:4], 1 + row.token_ids[0], *row.token_ids[5:]]) for row in rows
    ]
    leads = replay(branched, tokenizer, PROMPT, broken[:1], PARAMS, grammar=grammar, slack=TOLERANCE)
    assert leads[0][4] < -TOLERANCE


def forged(llama: Any, rows: Sequence[Recorded], place: int, token: int) -> list[Recorded]:
    """Completions with one token of a forger's choice; all others are drawn one by one, without our code."""
    import torch

    from stages.common.llm.noise import GumbelNoise

    found = []
    for row in rows:
        noise, ids = GumbelNoise([row.seed]), list[int]()
        while len(ids) < PARAMS.max_new_tokens and (not ids or ids[-1] != 1):
            with torch.no_grad():
                logits = llama(input_ids=torch.tensor([[*PROMPT, *ids]])).logits[0, -1]
            best = int((logits / PARAMS.temperature + noise(len(logits))[0]).argmax())
            ids.append(token if len(ids) == place else best)
        has_ended = ids[-1] == 1
        found.append(Recorded(ids[: len(ids) - has_ended], has_ended, row.seed))
    return found


def other_base(llama: Any, tokenizer: Any, folder: Path) -> Any:
    """A Llama of the same shape with slightly different weights."""
    import torch

    from stages.common.llm.attention import BRANCHED
    from tests.thesis.verify.replay.conftest import load_llama

    llama.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    other = load_llama(folder, BRANCHED)
    torch.manual_seed(1)
    with torch.no_grad():
        for weights in other.parameters():
            weights += 0.3 * weights.std() * torch.randn_like(weights)
    return other
