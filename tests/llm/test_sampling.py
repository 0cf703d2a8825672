"""Draws: the right distribution, from their own seed alone, as a plain loop would make them."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import chisquare
from torch import Tensor

from stages.common.llm.bases import Base, PathOrigin
from stages.common.llm.loading import load_base
from stages.common.llm.marks import Marks
from stages.common.llm.noise import GumbelNoise
from stages.common.llm.sampling import SamplingParams, _warped, draw
from stages.common.llm.template import prompt_ids
from stages.common.llm.written import Drawn, drawn_of
from stages.common.seeds import seed_for
from stages.shell.errors import UserError

LOGITS = torch.tensor([2.0, 1.0, 0.5, 0.0, -1.0, -2.0])
N_DRAWS = 20_000


def params(**changes: Any) -> SamplingParams:
    plain = {"temperature": 1.0, "top_p": 1.0, "top_k": None, "max_new_tokens": 12}
    return SamplingParams.model_validate(plain | changes)


def drawn_tokens(how: SamplingParams, logits: Tensor = LOGITS) -> Tensor:
    """The first token of N_DRAWS draws, as counts by token."""
    scores = logits.expand(N_DRAWS, -1)
    noise = GumbelNoise([seed_for("test", i) for i in range(N_DRAWS)])
    return (_warped(scores, how) + noise(len(logits))).argmax(-1).bincount(minlength=len(logits))


@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.0])
def test_tokens_are_drawn_from_the_softmax(temperature: float) -> None:
    expected = (LOGITS / temperature).softmax(-1) * N_DRAWS
    found = drawn_tokens(params(temperature=temperature))
    assert chisquare(found, expected.double() * (N_DRAWS / expected.double().sum())).pvalue > 0.001


def test_successive_tokens_of_one_draw_are_independent_draws() -> None:
    noise = GumbelNoise([7])
    tokens = torch.stack([(LOGITS + noise(6)[0]).argmax() for _ in range(N_DRAWS)])
    expected = LOGITS.double().softmax(-1) * N_DRAWS
    assert chisquare(tokens.bincount(minlength=6), expected).pvalue > 0.001
    top = (tokens == 0).double()
    assert abs(torch.corrcoef(torch.stack([top[:-1], top[1:]]))[0, 1]) < 4 / N_DRAWS**0.5


def test_top_k_draws_from_the_k_likeliest() -> None:
    found = drawn_tokens(params(top_k=2))
    assert found[2:].sum() == 0
    expected = LOGITS[:2].double().softmax(-1) * N_DRAWS
    assert chisquare(found[:2], expected).pvalue > 0.001


def test_top_p_draws_from_the_smallest_set_that_has_it() -> None:
    # softmax: .567 .209 .127 .077 …; .7 needs the first two
    found = drawn_tokens(params(top_p=0.7))
    assert (found > 0).tolist() == [True, True, False, False, False, False]
    assert chisquare(found[:2], LOGITS[:2].double().softmax(-1) * N_DRAWS).pvalue > 0.001


def plain_loop(
    model: Any, ids: list[int], seed: int, how: SamplingParams, *ends: int
) -> tuple[list[int], str]:
    """One draw without cache, batch and transformers' generate: the definition itself."""
    generator = np.random.default_rng(seed)
    written: list[int] = []
    for _ in range(how.max_new_tokens):
        logits = (
            model(input_ids=torch.tensor([ids + written]), use_cache=False).logits[0, -1] / how.temperature
        )
        ranked = logits.argsort(descending=True)
        if how.top_k is not None:
            logits[ranked[how.top_k :]] = -torch.inf
        shares = logits[ranked].softmax(-1)
        logits[ranked[shares.cumsum(-1) - shares >= how.top_p]] = -torch.inf
        waits = torch.from_numpy(generator.standard_exponential(len(logits))).float()
        token = int((logits - waits.log()).argmax())
        if token in ends:
            return written, "eos"
        written.append(token)
    return written, "length"


@contextmanager
def likelier(model: Any, token: int, by: float) -> Iterator[None]:
    """Give `token` a higher logit everywhere."""
    offset = torch.zeros(model.config.vocab_size)
    offset[token] = by
    handle = model.lm_head.register_forward_hook(lambda _m, _i, logits: logits + offset)
    yield
    handle.remove()


def draws(model: Any, tokenizer: Any, ids: list[int], seeds: list[int], how: SamplingParams) -> list[Drawn]:
    """Draws of one prompt."""
    return draw(model, tokenizer, [ids] * len(seeds), seeds, how)


@pytest.mark.parametrize(
    "how",
    [params(), params(temperature=0.3), params(top_k=5), params(top_p=0.4), params(top_k=20, top_p=0.5)],
)
@torch.no_grad()
def test_equals_a_plain_loop_without_cache(llama: Any, tokenizer: Any, how: SamplingParams) -> None:
    ids = prompt_ids(tokenizer, "alpaca", "Write.")
    seeds = [1, 2, 3]
    with likelier(llama, tokenizer.eos_token_id, by=2.5):
        found = draws(llama, tokenizer, ids, seeds, how)
        expected = [plain_loop(llama, ids, seed, how, tokenizer.eos_token_id) for seed in seeds]
    assert [(one.token_ids, one.ended) for one in found] == expected
    assert [one.text for one in found] == [tokenizer.decode(w) for w, _ in expected]


def test_a_prompt_of_one_token(llama: Any, tokenizer: Any) -> None:
    expected, _ = plain_loop(llama, [0], 5, params(), tokenizer.eos_token_id)
    assert draws(llama, tokenizer, [0], [5, 6], params())[0].token_ids == expected


def test_a_draw_does_not_depend_on_its_batch(llama: Any, tokenizer: Any) -> None:
    ids, how = prompt_ids(tokenizer, "alpaca", "Write."), params(max_new_tokens=30)
    seeds = [seed_for("batch", i) for i in range(10)]
    together = draws(llama, tokenizer, ids, seeds, how)
    assert [one for seed in seeds for one in draws(llama, tokenizer, ids, [seed], how)] == together
    assert draws(llama, tokenizer, ids, seeds[::-1], how) == together[::-1]
    assert len({one.text for one in together}) == 10


def test_rows_that_have_ended_are_not_computed_on(llama: Any, tokenizer: Any) -> None:
    texts = ["Write.", "Write a profile, please."] * 6
    prompts = [prompt_ids(tokenizer, "alpaca", text) for text in texts]
    how, seeds = params(max_new_tokens=40), list(range(12))
    n_rows: list[int] = []
    with likelier(llama, tokenizer.eos_token_id, by=4):
        alone = [draw(llama, tokenizer, [p], [s], how)[0] for p, s in zip(prompts, seeds, strict=True)]
        handle = llama.model.embed_tokens.register_forward_hook(
            lambda _m, ids, _o: n_rows.append(len(ids[0]))
        )
        together = draw(llama, tokenizer, prompts, seeds, how)
        handle.remove()
    assert together == alone
    # a pass for one prompt, one for what the other does not share with it, then one a token; the rows
    # go on alone as soon as a fifth of those computed have ended
    going = sorted(one.n_tokens + (one.ended == "eos") for one in together)
    expected, n_computed = [1, 1], 12
    for step in range(1, going[-1] + 1):
        expected.append(n_computed)
        n_left = sum(length > step for length in going)
        n_computed = n_left if (n_computed - n_left) / n_computed >= 0.2 else n_computed
    assert n_rows == expected
    assert len(set(n_rows)) > 3


def test_beginnings_that_some_prompts_share_are_read_once(llama: Any, tokenizer: Any) -> None:
    common, shots = [5, 6, 7, 8], [9] * 20
    prompts = [[*common, *shots, 10, 2], [*common, 11, 2], [*common, *shots, 12, 13, 2]]
    read: list[int] = []
    handle = llama.model.embed_tokens.register_forward_hook(lambda _m, ids, _o: read.append(ids[0].numel()))
    draw(llama, tokenizer, prompts, [1, 2, 3], params(max_new_tokens=1))
    handle.remove()
    assert read == [4 + 20 + 1, 2, 1, 3]  # the last pass draws, after the last token of each prompt


def test_a_draw_does_not_depend_on_the_other_prompts(llama: Any, tokenizer: Any) -> None:
    texts = ["Write.", "Write a profile, please.", "Something else that is longer.", ""]
    prompts = [prompt_ids(tokenizer, "alpaca", text) for text in texts] + [[7, 8]]
    how, seeds = params(max_new_tokens=30), [1, 2, 3, 4, 5]
    together = draw(llama, tokenizer, prompts, seeds, how)
    alone = [draw(llama, tokenizer, [ids], [seed], how)[0] for ids, seed in zip(prompts, seeds, strict=True)]
    assert together == alone


def test_a_draw_depends_on_nothing_but_its_seed(llama: Any, tokenizer: Any) -> None:
    ids = prompt_ids(tokenizer, "alpaca", "Write.")
    torch.manual_seed(1)
    first = draws(llama, tokenizer, ids, [4], params())
    torch.manual_seed(2)
    state = torch.get_rng_state()
    assert draws(llama, tokenizer, ids, [4, 4], params()) == first * 2
    assert torch.equal(torch.get_rng_state(), state)


@contextmanager
def ending(tokenizer: Any, *stops: int) -> Iterator[None]:
    """Give the tokenizer other ends than its own; the first one pads."""
    tokenizer.marks, before = Marks(stops[0], frozenset(stops), frozenset(stops)), tokenizer.marks
    yield
    tokenizer.marks = before


@torch.no_grad()
def test_each_of_several_ends_stops(llama: Any, tokenizer: Any) -> None:
    ids, how, ends = prompt_ids(tokenizer, "alpaca", "Write."), params(max_new_tokens=40), (300, 1, 17)
    with ending(tokenizer, *ends), ExitStack() as stack:
        for end in ends:
            stack.enter_context(likelier(llama, end, by=2))
        found = draws(llama, tokenizer, ids, list(range(12)), how)
        alone = [draws(llama, tokenizer, ids, [seed], how)[0] for seed in range(12)]
        expected = [plain_loop(llama, ids, seed, how, *ends) for seed in range(12)]
    assert found == alone
    assert [(one.n_tokens, one.ended) for one in found] == [(len(w), ended) for w, ended in expected]
    assert [one.text for one in found] == [tokenizer.decode(written) for written, _ in expected]
    assert len({one.n_tokens for one in found}) > 3


def test_a_control_token_inside_a_completion_is_shown(tokenizer: Any) -> None:
    said = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in ("x", "y")]
    begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    written = [*said[0], begin, *said[1], end, *said[0]]
    assert drawn_of(written, tokenizer) == Drawn("x<s>y", written[:3], "eos")
    assert drawn_of(written[:2], tokenizer).text == "x<s>"


def test_how_it_ended(llama: Any, tokenizer: Any) -> None:
    ids = prompt_ids(tokenizer, "alpaca", "Write.")
    with likelier(llama, tokenizer.eos_token_id, by=100):
        [at_once] = draws(llama, tokenizer, ids, [1], params())
    assert (at_once.text, at_once.n_tokens, at_once.ended) == ("", 0, "eos")
    with likelier(llama, tokenizer.eos_token_id, by=-100):
        [cut] = draws(llama, tokenizer, ids, [1], params(max_new_tokens=5))
    assert (cut.n_tokens, cut.ended) == (5, "length")


def test_the_checkpoints_own_generation_config_is_ignored(
    llama: Any, tokenizer: Any, base: Base, tmp_path: Path
) -> None:
    assert isinstance(base.origin, PathOrigin)
    shutil.copytree(base.origin.path, tmp_path / "llama")
    (tmp_path / "llama/generation_config.json").write_text(
        '{"do_sample": true, "temperature": 0.01, "top_p": 0.1, "top_k": 1, "repetition_penalty": 50.0,'
        ' "no_repeat_ngram_size": 1, "min_new_tokens": 3, "max_length": 20, "bad_words_ids": [[5]]}'
    )
    entry = base.model_copy(update={"origin": PathOrigin(path=str(tmp_path / "llama"))})
    opinionated = load_base("tiny", entry, torch.device("cpu"), "sdpa").eval()
    ids, how = prompt_ids(tokenizer, "alpaca", "Write."), params(max_new_tokens=30)
    assert draws(opinionated, tokenizer, ids, [1, 2], how) == draws(llama, tokenizer, ids, [1, 2], how)


WATCHED = [[5, 6, 7], [5, 6, 7, 8], [9]]


def test_watching_shows_every_text_growing_and_changes_none(llama: Any, tokenizer: Any) -> None:
    seen: list[list[Drawn]] = []
    how = params(max_new_tokens=30)
    watched = draw(llama, tokenizer, WATCHED, [1, 2, 3], how, watch=seen.append)
    assert watched == draw(llama, tokenizer, WATCHED, [1, 2, 3], how)
    assert seen[-1] == watched
    assert all(len(rows) == 3 for rows in seen)
    for before, after in pairwise(seen):
        assert all(b.readable.startswith(a.readable) for a, b in zip(before, after, strict=True))


def test_half_a_letter_is_not_shown(tokenizer: Any) -> None:
    ids = tokenizer("Łódź 日本 😀", add_special_tokens=False)["input_ids"]
    shown = [drawn_of(ids[:n], tokenizer).readable for n in range(len(ids) + 1)]
    assert len(ids) > len("Łódź 日本 😀")  # letters of several tokens
    assert not any("\ufffd" in text for text in shown)
    assert shown[-1] == "Łódź 日本 😀"


def test_rows_that_have_ended_keep_their_text(llama: Any, tokenizer: Any) -> None:
    seen: list[list[Drawn]] = []
    with likelier(llama, tokenizer.eos_token_id, by=4):
        drawn = draw(llama, tokenizer, WATCHED * 4, range(12), params(max_new_tokens=40), watch=seen.append)
    assert len({one.n_tokens for one in drawn}) > 3
    assert len(seen) == max(one.n_tokens + (one.ended == "eos") for one in drawn)
    for row, one in enumerate(drawn):
        if one.ended == "eos":
            assert all(rows[row] == one for rows in seen[one.n_tokens :])


def test_what_a_watch_raises_ends_the_draw(llama: Any, tokenizer: Any) -> None:
    def stop(_: list[Drawn]) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        draw(llama, tokenizer, WATCHED, [1, 2, 3], params(), watch=stop)
    assert draw(llama, tokenizer, WATCHED, [1, 2, 3], params())


def test_nothing_is_drawn_from_nan(llama: Any, tokenizer: Any) -> None:
    handle = llama.lm_head.register_forward_hook(lambda _m, _i, logits: logits.fill_(torch.nan))
    with pytest.raises(UserError, match=r"(?s)cpu computes NaN as logits.*THESIS_DEVICE=cpu"):
        draws(llama, tokenizer, [5, 6], [1], params())
    handle.remove()


def test_a_text_is_what_its_tokens_decode_to(llama: Any, tokenizer: Any) -> None:
    with likelier(llama, tokenizer.eos_token_id, by=3):
        found = draws(llama, tokenizer, [5, 6], list(range(12)), params(max_new_tokens=30))
    assert {one.ended for one in found} == {"eos", "length"}
    for one in found:
        assert one.text == tokenizer.decode(one.token_ids)
        assert tokenizer.eos_token_id not in one.token_ids
        assert one.n_tokens == len(one.token_ids) == 30 or one.ended == "eos"
