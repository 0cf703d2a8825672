"""Under the grammar, a finished draw fits the schema; the distribution is changed in no other way."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import LlamaConfig, LlamaForCausalLM
from xgrammar import GrammarMatcher

from benchmarks.random_checkpoint import llama_2_like
from stages.common.llm.grammar import Constraint, grammar_of
from stages.common.llm.marks import Marks
from stages.common.llm.sampling import SamplingParams, draw
from stages.common.llm.template import token_pair
from stages.common.llm.written import Drawn
from stages.common.schema import SCHEMA, ProfileSchema, load_schema
from stages.shell.errors import UserError
from tests.tiny import ROOT

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
ROLE = {"x-role": "attribute"}
PEOPLE: list[dict[str, Any]] = json.loads((ROOT / "data/raw/original.json").read_text("utf-8"))[:40]
PROMPTS = [[5, 6, 7], [5, 6, 7, 8, 9]]


def scores_along(constraint: Constraint, ids: list[int], n_vocabulary: int) -> list[torch.Tensor]:
    """What the constraint leaves of even scores, before each of the tokens and after the last."""
    found = [constraint(torch.zeros(1, n_vocabulary))[0]]
    for token in ids:
        constraint.write([token])
        found.append(constraint(torch.zeros(1, n_vocabulary))[0])
    return found


def completion_of(person: dict[str, Any]) -> str:
    """A completion as training has it: without the identifier."""
    shown = {key: value for key, value in person.items() if key != "source_id"}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


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
def like_llama_2() -> tuple[Any, Any]:
    """A tokenizer that puts a blank before every text, and a random Llama whose logits are wider."""
    known = llama_2_like(["Köln Łódź größe if langs", '{"', *map(completion_of, PEOPLE)])
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(known) + 64,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        bos_token_id=known.bos_token_id,
        eos_token_id=known.eos_token_id,
    )
    return known, LlamaForCausalLM(config).eval()


@pytest.fixture(scope="module")
def written(llama: Any, tokenizer: Any, grammar: Any) -> list[Drawn]:
    """Draw twelve rows that end at different times."""
    return draw(llama, tokenizer, PROMPTS * 6, list(range(12)), how(), grammar=grammar)


def test_finished_draws_fit_the_schema_and_are_written_like_training_completions(written, schema):
    ended = [one.text for one in written if one.ended == "eos"]
    assert len(ended) > 6
    assert len(set(ended)) > 6
    for text in ended:
        profile = json.loads(text)
        assert schema.violations(profile) == []
        assert list(profile) == list(NODE["properties"])
        assert text == json.dumps(profile, ensure_ascii=False, separators=(",", ":"))


def test_free_draws_of_the_same_seeds_do_not_fit_the_schema(llama, tokenizer):
    free = draw(llama, tokenizer, PROMPTS, [0, 1], how())
    assert not any(one.text.startswith("{") for one in free)


def test_a_row_does_not_depend_on_the_rows_beside_it(llama, tokenizer, grammar, written):
    for row in (0, 3, 11):
        alone = draw(llama, tokenizer, [(PROMPTS * 6)[row]], [row], how(), grammar=grammar)
        assert alone == [written[row]]


@pytest.mark.parametrize("change", [{"top_k": 1}, {"top_p": 0.2}, {"temperature": 0.1}])
def test_the_grammar_comes_before_what_narrows_the_choice(llama, tokenizer, grammar, schema, change):
    for one in draw(llama, tokenizer, PROMPTS, [0, 1], how(**change), grammar=grammar):
        assert one.ended == "length" or schema.violations(json.loads(one.text)) == []


def test_scores_are_masked_and_not_changed_otherwise(grammar, tokenizer, llama):
    scores = torch.randn(2, llama.config.vocab_size)
    masked = Constraint(grammar, 2)(scores)
    (allowed,) = {tuple(row.isfinite().nonzero()[:, 0].tolist()) for row in masked}
    assert all(tokenizer.decode([token]).startswith("{") for token in allowed)
    assert torch.equal(masked[:, allowed], scores[:, allowed])


def test_end_of_text_only_after_the_object(grammar, tokenizer, llama):
    constraint, eos = Constraint(grammar, 1), tokenizer.eos_token_id
    text = '{"größe":7,"home":{"city":"Köln"},"if":null,"langs":["de"]}'
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    finite = [bool(row[eos].isfinite()) for row in scores_along(constraint, ids, llama.config.vocab_size)]
    assert finite == [False] * len(ids) + [True]


def test_each_of_several_ends_may_follow_the_object_and_none_stands_in_it(
    schema, tokenizer, llama, monkeypatch
):
    stops = frozenset([tokenizer.eos_token_id, tokenizer.bos_token_id])
    monkeypatch.setattr(tokenizer, "marks", Marks(tokenizer.eos_token_id, stops, stops))
    grammar = grammar_of(schema, tokenizer, llama.config.vocab_size)
    ids = tokenizer('{"größe":7,"home":{"city":"Köln"},"if":null,"langs":["de"]}')["input_ids"]
    for stop in stops:
        along = scores_along(Constraint(grammar, 1), [*ids, stop], llama.config.vocab_size)
        *allowed, ended, after = [row.isfinite() for row in along]
        assert set(ended.nonzero()[:, 0].tolist()) == stops
        assert not any(row[list(stops)].any() for row in allowed)
        assert after.all()  # it has ended: whatever follows is not read
    drawn = draw(llama, tokenizer, PROMPTS * 6, list(range(12)), how(), grammar=grammar)
    ended = [one.text for one in drawn if one.ended == "eos"]
    assert len(ended) > 6
    assert [text for text in ended if schema.violations(json.loads(text))] == []


def test_logits_may_be_wider_than_the_tokenizer(schema, tokenizer, llama):
    wide = llama.config.vocab_size + 64
    masked = Constraint(grammar_of(schema, tokenizer, wide), 1)(torch.zeros(1, wide))
    assert not masked[0, llama.config.vocab_size :].isfinite().any()


@pytest.mark.parametrize("kind", ["byte-level", "like Llama 2's"])
def test_what_training_teaches_can_be_written(kind, tokenizer, like_llama_2):
    known = tokenizer if kind == "byte-level" else like_llama_2[0]
    grammar = grammar_of(load_schema(ROOT / SCHEMA), known, len(known))
    for person in PEOPLE:
        ids = token_pair(known, "alpaca", "", completion_of(person), max_length=4000).completion_ids
        along = scores_along(Constraint(grammar, 1), ids, len(known))
        for n, scores in enumerate(along[:-1]):
            assert scores[ids[n]] == 0, known.decode(ids[: n + 1])


def test_a_tokenizer_like_llama_2s_writes_the_same_json(like_llama_2, schema):
    known, llama = like_llama_2
    grammar = grammar_of(schema, known, llama.config.vocab_size)
    first = Constraint(grammar, 1)(torch.zeros(1, llama.config.vocab_size))
    begun = known.convert_ids_to_tokens(first[0].isfinite().nonzero()[:, 0].tolist())
    assert set(begun) == {"▁", '▁{"', "<0x20>"}
    seen: list[list[Drawn]] = []
    drawn = draw(llama, known, PROMPTS * 6, range(12), how(), grammar=grammar, watch=seen.append)
    ended = [one.text for one in drawn if one.ended == "eos"]
    assert len(ended) > 6
    for text in ended:
        assert schema.violations(json.loads(text)) == []
        assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    assert [one.text[:1] for one in seen[-1]] == ["{"] * 12


@pytest.mark.parametrize("change", [{}, {"top_k": 1}, {"top_p": 0.5}])
def test_a_token_without_a_text_is_never_drawn(like_llama_2, change):
    """The head has 64 rows more than the tokenizer has tokens; they would be drawn every time."""
    known, llama = like_llama_2
    offset = torch.zeros(llama.config.vocab_size)
    offset[len(known) :] = 100
    handle = llama.lm_head.register_forward_hook(lambda _m, _i, logits: logits + offset)
    drawn = draw(llama, known, PROMPTS, [0, 1], how(max_new_tokens=9, **change))
    handle.remove()
    assert all(one.n_tokens and max(one.token_ids) < len(known) for one in drawn)


def accepts(node: Any, tokenizer: Any) -> Callable[[Any], bool]:
    """Whether a value can be written as the only field of a profile."""
    schema = ProfileSchema({"type": "object", "required": ["a"], "properties": {"a": node | ROLE}})
    grammar = grammar_of(schema, tokenizer, len(tokenizer))

    def accepted(value: Any) -> bool:
        matcher = GrammarMatcher(grammar.compiled)
        text = json.dumps({"a": value}, ensure_ascii=False, separators=(",", ":"))
        return matcher.accept_string(text) and matcher.accept_token(tokenizer.eos_token_id)

    return accepted


LIST = {"type": "array", "items": {"enum": ["de", "fr"]}}


@pytest.mark.parametrize(
    ("node", "fitting", "others"),
    [
        ({"type": ["integer", "null"], "minimum": 1, "maximum": 99}, [1, 99, None], [0, 100, -5, 1.5, "1"]),
        ({"type": "integer", "minimum": -3}, [-3, 0, 10**6], [-4, -30]),
        ({"type": "integer", "multipleOf": 5}, [0, 25], [7]),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, [0.5, 1], [0, 1.1, -0.5]),
        ({"type": "string", "minLength": 2, "maxLength": 3}, ["äö", "abc"], ["a", "abcd", None]),
        ({"type": "string", "pattern": "^[a-zäöü]+-[0-9]{2}$"}, ["köln-12"], ["köln-1", "Köln-12", "-12"]),
        ({"enum": ["Łódź", 'a"b', 1, None, True]}, ["Łódź", 'a"b', 1, None, True], ["Lodz", 2, False]),
        ({"const": "x"}, ["x"], ["y"]),
        (LIST | {"type": ["array", "null"], "maxItems": 2}, [[], ["de", "de"], None], [["de"] * 3, ["it"]]),
        ({"anyOf": [{"type": "boolean"}, {"type": "integer", "maximum": 0}]}, [True, -1], [1, None]),
    ],
)
def test_the_grammar_enforces_a_keyword(node, fitting, others, tokenizer):
    accepted = accepts(node, tokenizer)
    assert [value for value in fitting if not accepted(value)] == []
    assert [value for value in others if accepted(value)] == []


@pytest.mark.parametrize(
    ("node", "broken"),
    [
        (LIST | {"uniqueItems": True}, ["de", "de"]),
        (LIST | {"contains": {"const": "fr"}}, ["de"]),
        ({"type": "integer", "not": {"const": 5}}, 5),
        ({"type": "string", "pattern": "^[a-z]+$", "maxLength": 3}, "abcd"),
        ({"type": "string", "format": "date"}, "today"),
    ],
)
def test_the_grammar_ignores_a_keyword_as_documented(node, broken, tokenizer):
    assert accepts(node, tokenizer)(broken)


@pytest.mark.parametrize("limited", ['"', "\\", "\n"])
def test_a_text_of_limited_length_holds_nothing_that_json_escapes(limited, tokenizer):
    assert accepts({"type": "string"}, tokenizer)(limited)
    assert not accepts({"type": "string", "maxLength": 300}, tokenizer)(limited)


def test_a_schema_that_cannot_be_a_grammar_is_named(tokenizer):
    with pytest.raises(UserError, match=r"^The profile schema cannot be compiled to a grammar: [A-Z][^/]*\n"):
        accepts({"type": "integer", "minimum": 0.5}, tokenizer)


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
