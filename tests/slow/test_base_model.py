"""The embedded base model itself, from the cache (fetched by pip if it is missing)."""

import json
from pathlib import Path
from typing import Any

import pytest

from stages.common.files import read_json
from stages.common.llm.bases import BASES, Base, fetch
from stages.common.params import parse, read_yaml
from tests.tiny import ROOT

NAME = "smollm2-135m"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base() -> Base:
    return parse(Base, read_yaml(ROOT / BASES)[NAME], NAME)


@pytest.fixture(scope="module")
def folder(base: Base) -> Path:
    return fetch(NAME, base)


@pytest.fixture(scope="module")
def model(base: Base, folder: Path) -> Any:
    import torch

    from stages.common.llm.loading import load_base

    return load_base(NAME, base, torch.device("cpu"), "sdpa").eval()


def test_the_cache_says_which_hashes_were_verified(base: Base, folder: Path) -> None:
    assert len(base.sha256) == 2  # the wheel and the GGUF file in it
    assert read_json(folder / "manifest.json")["sha256"] == base.sha256


def test_it_is_a_llama_in_float32(model: Any) -> None:
    import torch

    assert type(model).__name__ == "LlamaForCausalLM"
    assert sum(p.numel() for p in model.parameters()) == 134_515_008
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_texts_without_marks_have_the_tokens_that_transformers_gives_them(base: Base, folder: Path) -> None:
    from transformers import AutoTokenizer

    from stages.common.llm.loading import load_tokenizer
    from stages.common.llm.marks import marks_of
    from stages.common.llm.template import completion_ids, prompt_ids

    ours, plain = load_tokenizer(NAME, base), AutoTokenizer.from_pretrained(folder)
    assert marks_of(ours).stops == {marks_of(ours).end} == {plain.eos_token_id}
    for person in read_json(ROOT / "data/raw/original.json"):
        text = json.dumps(person, ensure_ascii=False, separators=(",", ":"))
        assert completion_ids(ours, text) == plain(text)["input_ids"]
        turns = [{"role": "user", "content": f"Write a profile like\n\n{text}"}]
        chat = plain.apply_chat_template(turns, add_generation_prompt=True, return_dict=False)
        assert prompt_ids(ours, "tokenizer", turns[0]["content"]) == chat


def test_it_knows_a_capital(model: Any, base: Base) -> None:
    from stages.common.llm.loading import load_tokenizer
    from stages.common.llm.sampling import SamplingParams, draw
    from stages.common.llm.template import prompt_ids

    tokenizer = load_tokenizer(NAME, base)
    greedy = SamplingParams(temperature=1.0, top_p=1.0, top_k=1, max_new_tokens=24)
    ids = prompt_ids(tokenizer, base.template, "What is the capital of France?")
    [found] = draw(model, tokenizer, [ids], [1], greedy)
    assert "Paris" in found.text
    assert found.ended == "eos"
