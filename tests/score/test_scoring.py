"""Losses of held-out profiles against plain teacher forcing."""

from contextlib import nullcontext
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stages.common.llm.kept import Kept
from stages.common.llm.template import TokenPair, token_pair
from stages.common.records import Example, ProfileLoss
from stages.score import __main__ as main
from stages.score.scoring import HeldOut, Scorer, packs
from stages.shell import checked
from stages.shell.errors import UserError

COMPLETIONS = [
    '{"age":34,"summary":"Works."}',
    '{"age":61,"home":{"city":"Köln"},"summary":"Says \\"no\\" twice, and {\\"age\\": 9}."}',
    '{"age":5,"summary":"<s></s>"}',
]
EXAMPLES = [
    Example(source_id=f"p{i}", prompt_id="free", prompt=f"Write {i}.", completion=completion)
    for i, completion in enumerate(COMPLETIONS)
]


def scores(branched: Any, tokenizer: Any, records_per_pack: int) -> list[ProfileLoss]:
    scorer = Scorer(branched, tokenizer, "alpaca", 4000)
    rows = scorer.held_out(EXAMPLES, "original", "test", "")
    found: dict[int, ProfileLoss] = {}
    for places in packs(rows, records_per_pack):
        found |= dict(zip(places, scorer.score([rows[place] for place in places], "tiny/none"), strict=True))
    return [found[place] for place in range(len(rows))]


@pytest.mark.parametrize("records_per_pack", [1, 2, 3, 16])
@torch.no_grad()
def test_equals_plain_teacher_forcing(
    branched: Any, plain: Any, tokenizer: Any, records_per_pack: int
) -> None:
    for example, found in zip(EXAMPLES, scores(branched, tokenizer, records_per_pack), strict=True):
        pair = token_pair(tokenizer, "alpaca", example.prompt, example.completion, 4000)
        ids = torch.tensor([pair.prompt_ids + pair.completion_ids])
        labels = torch.tensor([[-100] * len(pair.prompt_ids) + pair.completion_ids])
        mean = plain(input_ids=ids, labels=labels).loss.item()
        assert found.n_tokens == len(pair.completion_ids)
        assert found.nll == pytest.approx(mean * found.n_tokens, rel=1e-5)


def test_records_that_cannot_be_scored_are_named_before_any_is(tokenizer: Any) -> None:
    with pytest.raises(
        UserError, match=r"^test\.jsonl: 3 of 3 records are too long\n  line 1, p0: .*\n  line 2, p1: "
    ):
        Scorer(None, tokenizer, "alpaca", 10).held_out(EXAMPLES, "original", "test", "test.jsonl")
    rows = Scorer(None, tokenizer, "alpaca", 4000).held_out(EXAMPLES, "original", "test", "test.jsonl")
    assert [row.source_id for row in rows] == [example.source_id for example in EXAMPLES]


def test_the_models_own_losses_are_compared_before_any_is_computed(
    branched: Any, tokenizer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(main, "read_records", lambda path, model: EXAMPLES)
    monkeypatch.setattr(Scorer, "score", None)
    monkeypatch.setattr(checked, "ROUNDING_OF_FLOAT32", -1.0)
    scorer = Scorer(branched, tokenizer, "alpaca", 4000)
    rows = main.held_out(scorer)
    with pytest.raises(UserError, match="LlamaForCausalLM: our losses differ"):
        main.score_all(scorer, "tiny", rows, 3, Kept(tmp_path, ProfileLoss))


def test_memory_is_given_back_after_each_pack(
    branched: Any, tokenizer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(main, "read_records", lambda path, model: EXAMPLES)
    monkeypatch.setattr(main, "check_losses", lambda *_: None)
    monkeypatch.setattr(main, "using", lambda *_: nullcontext())
    given_back: list[torch.device] = []
    monkeypatch.setattr(main, "empty_cache", given_back.append)
    scorer = Scorer(branched, tokenizer, "alpaca", 4000)
    rows = main.held_out(scorer)  # 3 records of 2 conditions and 2 splits
    main.score_all(scorer, "tiny", rows, 4, Kept(tmp_path, ProfileLoss))
    assert len(given_back) == 3 * 12 / 4  # packs of each of 3 arms


def test_fields_add_up_to_the_record(branched: Any, tokenizer: Any) -> None:
    for found in scores(branched, tokenizer, 3):
        assert sum(part.nll for part in found.fields.values()) == pytest.approx(found.nll, rel=1e-9)
        assert sum(part.n_tokens for part in found.fields.values()) == found.n_tokens


def test_every_field_has_its_tokens(branched: Any, tokenizer: Any) -> None:
    paths = [set(found.fields) for found in scores(branched, tokenizer, 3)]
    assert paths[0] == {"", "age", "summary"}
    assert paths[1] == {"", "age", "home.city", "summary"}


def test_a_field_has_the_tokens_of_its_value(branched: Any, tokenizer: Any) -> None:
    first = scores(branched, tokenizer, 1)[0]
    offsets = tokenizer(COMPLETIONS[0], add_special_tokens=False, return_offsets_mapping=True)[
        "offset_mapping"
    ]
    # {"age":34, …: the value stands at 7 and 8
    assert first.fields["age"].n_tokens == sum(7 <= start < 9 for start, _ in offsets)


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.integers(1, 9))
def test_packs_hold_every_record_once_and_keep_a_prompt_together(prompts: list[str], size: int) -> None:
    rows = [HeldOut("p", "original", "test", TokenPair([ord(p)], [1]), [""]) for p in prompts]
    found = packs(rows, size)
    assert sorted(place for places in found for place in places) == [*range(len(rows))]
    assert all(len(places) == size for places in found[:-1])
    asked = [prompts[place] for places in found for place in places]
    assert [one for one, _ in groupby(asked)] == sorted(set(prompts))
