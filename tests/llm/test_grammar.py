"""Under the grammar, what has ended fits the schema; nothing else of a draw changes its law."""

import json
import sys
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stages.common.errors import UserError
from stages.common.llm.grammar import Constraint, grammar_of
from stages.common.llm.sampling import Drawn, SamplingParams, draw
from stages.common.schema import ProfileSchema

NODE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["größe", "home", "if", "langs"],
    "properties": {
        "größe": {"type": "integer", "minimum": 7, "maximum": 42, "x-role": "number"},
        "home": {
            "type": "object",
            "additionalProperties": False,
            "required": ["city"],
            "properties": {"city": {"enum": ["Köln", "Łódź", None], "x-role": "protected"}},
        },
        "if": {"type": ["boolean", "null"], "x-role": "attribute"},
        "langs": {
            "type": "array",
            "items": {"enum": ["de", "fr"]},
            "minItems": 1,
            "maxItems": 2,
            "x-role": "attribute",
        },
    },
    "x-rules": [{"id": "r", "if": {"required": ["if"]}, "then": {"properties": {"if": {"const": True}}}}],
}
PROMPTS = [[5, 6, 7], [5, 6, 7, 8, 9]]


def how(**changes: Any) -> SamplingParams:
    plain = {"temperature": 1.0, "top_p": 1.0, "top_k": None, "max_new_tokens": 90}
    return SamplingParams.model_validate(plain | changes)


@pytest.fixture(scope="module")
def schema() -> ProfileSchema:
    return ProfileSchema(NODE)


@pytest.fixture(scope="module")
def grammar(schema: ProfileSchema, tokenizer: Any, llama: Any) -> Any:
    return grammar_of(schema, tokenizer, llama.config.vocab_size)


@pytest.fixture(scope="module")
def written(llama: Any, tokenizer: Any, grammar: Any) -> list[Drawn]:
    """Twelve rows that end at different times."""
    return draw(llama, tokenizer, PROMPTS * 6, list(range(12)), how(), grammar=grammar)


def test_what_has_ended_fits_the_schema_and_is_written_as_training_completions_are(written, schema):
    ended = [one.text for one in written if one.ended == "eos"]
    assert len(ended) > 6
    assert len(set(ended)) > 6
    for text in ended:
        profile = json.loads(text)
        assert schema.violations(profile) == []
        assert list(profile) == list(NODE["properties"])
        assert text == json.dumps(profile, ensure_ascii=False, separators=(",", ":"))


def test_free_draws_of_the_same_seeds_do_not(llama, tokenizer):
    free = draw(llama, tokenizer, PROMPTS, [0, 1], how())
    assert not any(one.text.startswith("{") for one in free)


def test_a_row_is_the_same_whichever_it_is_computed_with(llama, tokenizer, grammar, written):
    for row in (0, 3, 11):
        alone = draw(llama, tokenizer, [(PROMPTS * 6)[row]], [row], how(), grammar=grammar)
        assert alone == [written[row]]


@pytest.mark.parametrize("change", [{"top_k": 1}, {"top_p": 0.2}, {"temperature": 0.1}])
def test_the_grammar_comes_before_what_narrows_the_choice(llama, tokenizer, grammar, schema, change):
    for one in draw(llama, tokenizer, PROMPTS, [0, 1], how(**change), grammar=grammar):
        assert one.ended == "length" or schema.violations(json.loads(one.text)) == []


def test_scores_are_masked_and_else_left_alone(grammar, tokenizer, llama):
    scores = torch.randn(2, llama.config.vocab_size)
    masked = Constraint(grammar, 2)(torch.tensor([[1, 2], [1, 2]]), scores)
    (allowed,) = {tuple(row.isfinite().nonzero()[:, 0].tolist()) for row in masked}
    assert all(tokenizer.decode([token]).startswith("{") for token in allowed)
    assert torch.equal(masked[:, allowed], scores[:, allowed])


def test_end_of_text_only_after_the_object(grammar, tokenizer, llama):
    constraint, eos = Constraint(grammar, 1), tokenizer.eos_token_id
    text = '{"größe":7,"home":{"city":"Köln"},"if":null,"langs":["de"]}'
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    zeros = torch.zeros(1, llama.config.vocab_size)
    finite = [
        bool(constraint(torch.tensor([ids[:n]]), zeros)[0, eos].isfinite()) for n in range(len(ids) + 1)
    ]
    assert finite == [False] * len(ids) + [True]


def test_logits_may_be_wider_than_the_tokenizer(schema, tokenizer, llama):
    wide = llama.config.vocab_size + 64
    masked = Constraint(grammar_of(schema, tokenizer, wide), 1)(torch.tensor([[1]]), torch.zeros(1, wide))
    assert not masked[0, llama.config.vocab_size :].isfinite().any()


LEAVES = st.one_of(
    st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=3, unique=True).map(lambda e: {"enum": e}),
    st.just({"type": "boolean"}),
    st.just({"type": ["null", "boolean"]}),
    st.integers(-99, 99).map(lambda n: {"type": "integer", "minimum": n, "maximum": n + 9}),
)
KEYS = st.text(
    st.characters(codec="utf-8", exclude_characters='."', exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=5,
)


def object_of(inner: Any) -> Any:
    return st.dictionaries(KEYS, inner, min_size=1, max_size=3).map(
        lambda p: {"type": "object", "properties": p, "required": list(p), "additionalProperties": False}
    )


def with_roles(node: dict[str, Any]) -> dict[str, Any]:
    if "properties" not in node:
        return {**node, "x-role": "attribute"}
    return {**node, "properties": {key: with_roles(inner) for key, inner in node["properties"].items()}}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(node=object_of(st.one_of(LEAVES, object_of(LEAVES))).map(with_roles), seed=st.integers(0, 99))
def test_any_schema_is_kept(node, seed, llama, tokenizer):
    schema = ProfileSchema(node)
    grammar = grammar_of(schema, tokenizer, llama.config.vocab_size)
    (one,) = draw(llama, tokenizer, [[5, 6]], [seed], how(max_new_tokens=200), grammar=grammar)
    assert one.ended == "length" or schema.violations(json.loads(one.text)) == []


def test_without_xgrammar_it_says_how_to_install_it(schema, tokenizer, monkeypatch):
    monkeypatch.setitem(sys.modules, "xgrammar", None)
    with pytest.raises(UserError, match=r"\[constrained\]"):
        grammar_of(schema, tokenizer, 10)
