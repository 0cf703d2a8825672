"""Patterns of the schema: they find what `re` finds, and stop where `re` would not."""

import copy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from stages.common import patterns
from stages.common.fields import said
from stages.common.patterns import TooSlow, Validator, compiled
from stages.common.schema import ProfileSchema, load_schema
from stages.common.text_rules import read_text_rules
from stages.shell.errors import UserError
from tests.prepare.fakes import NODE, ship
from tests.project import ROOT

ENDLESS = "(a|aa)+b"
TEXT = "a" * 80 + "c"


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    monkeypatch.setattr(patterns, "SECONDS", 0.05)


def schema(**changes):
    """The schema of ships, with another note and other keys at the top."""
    node = copy.deepcopy(NODE)
    node["properties"]["note"] |= changes.pop("note", {})
    return ProfileSchema(node | changes, "ships.json")


def text_rule(pattern=ENDLESS):
    return {"id": "slow-rule", "text": "note", "pattern": pattern, "then": {"required": ["masts"]}}


RULE = {"id": "slow-if", "if": {"properties": {"note": {"pattern": ENDLESS}}}, "then": True}


@pytest.mark.parametrize(
    ("slow", "place"),
    [
        (schema(note={"pattern": ENDLESS}), "note"),
        (schema(**{"x-text-rules": [text_rule()]}), "x-text-rules, slow-rule"),
        (schema(**{"x-rules": [RULE]}), "x-rules, slow-if: note"),
    ],
)
def test_a_pattern_without_an_end_is_stopped_and_named(slow, place):
    profile = ship(note=TEXT)
    with pytest.raises(UserError) as stopped:
        [*slow.violations(profile), *slow.broken_rules(profile), *slow.broken_text_rules(profile)]
    told = str(stopped.value)
    assert told.startswith(f"{place}: the pattern '{ENDLESS}' was stopped after")
    assert "(81 characters): 'aaaa" in told
    assert "rewrite the pattern" in told


def test_a_field_says_its_own_path():
    field = schema(note={"pattern": ENDLESS}).field("note")
    for check in (field.fits, field.violations):
        with pytest.raises(TooSlow, match=r"^note: the pattern"):
            check(TEXT)


@pytest.mark.parametrize("of", ["patternProperties", "additionalProperties"])
def test_patterns_of_keys_are_stopped_too(of):
    node = {"patternProperties": {ENDLESS: True}} | ({"additionalProperties": False} if of[0] == "a" else {})
    with pytest.raises(TooSlow):
        Validator(node).is_valid({TEXT: 1})


def test_what_cannot_be_stopped_is_refused():
    with pytest.raises(UserError, match="use additionalProperties"):
        schema(patternProperties={"^x": True}, unevaluatedProperties=False)


def test_a_dialect_below_the_top_is_refused():
    """jsonschema would leave our patterns for another dialect's own."""
    draft = {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": ENDLESS}
    with pytest.raises(UserError, match=r"\$schema belongs at the top only"):
        schema(allOf=[draft])


def test_a_text_of_a_megabyte_is_shown_short():
    with pytest.raises(TooSlow) as stopped:
        compiled(ENDLESS).search("a" * 10**6)
    assert "(1,000,000 characters)" in str(stopped.value)
    assert len(str(stopped.value)) < 500


@pytest.mark.parametrize(
    "pattern",
    [
        "x{e}",
        "a{}",
        "a{,}b",
        "a{1,2}",
        "a{ 2}",
        r"\{e}",
        "[{e}]+",
        "[[:alpha:]]",
        r"[\[:a]x",
        "[]a]",
        r"\N{DIGIT ONE}",
    ],
)
@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@given(text=st.text("abxe:[]{}1, 2", max_size=12))
def test_it_finds_what_re_finds(pattern, text):
    ours = [match.span() for match in compiled(pattern, flags=re.IGNORECASE).findall(text)]
    assert ours == [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("beyond", [r"\p{L}", "(?|a|b)", "(?<name>a)", "(?e)a", r"\h"])
def test_what_regex_has_beyond_re_is_refused(beyond):
    with pytest.raises(re.error):
        compiled(beyond)


def test_the_shipped_rules_find_what_re_finds():
    shipped = load_schema(ROOT / "data/schema/profile.schema.json")
    people = (ROOT / "data/raw/original.json").read_text("utf-8")
    assert shipped.text_rules
    for rule in shipped.text_rules:
        as_re = re.compile(rf"(?<!\w)(?:{rule.pattern.written})(?!\w)", re.IGNORECASE)
        found = [match.span() for match in rule.found_in(people)]
        assert found == [match.span() for match in as_re.finditer(people)]


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "xa", "note"]),
        st.one_of(st.text("abx", max_size=3), st.integers(0, 2), st.none()),
    )
)
def test_verdicts_are_those_of_jsonschema(value):
    node = {
        "type": "object",
        "required": ["note"],
        "properties": {"note": {"type": "string", "pattern": "^a+b?$"}, "a": {"enum": [1, None, "b"]}},
        "patternProperties": {"^x": {"type": "integer"}, "a$": {"minimum": 1}},
    }
    ours = sorted(map(said, Validator(node).iter_errors(value)))
    assert ours == sorted(map(said, Draft202012Validator(node).iter_errors(value)))
    shut = node | {"additionalProperties": False}
    assert Validator(shut).is_valid(value) == Draft202012Validator(shut).is_valid(value)


def test_an_invalid_pattern_is_refused_with_the_schema():
    with pytest.raises(UserError, match="not a JSON Schema"):
        schema(note={"pattern": "("})
    with pytest.raises(UserError, match="not a regular expression"):
        read_text_rules({"x-text-rules": [text_rule("(")]}, schema().fields, "ships.json")


EXPLODING = [
    "(?:(?:a{1000}){1000}){1000}",
    "(?:a{1000}){500}" * 40,
    "(?:(?:(?:){1000}){1000}){1000}",
    "(" * 3000,
]


@pytest.mark.parametrize("pattern", EXPLODING, ids=lambda pattern: pattern[:20])
def test_a_pattern_that_cannot_be_compiled_in_time_is_refused(pattern):
    """No timeout ends a compilation: it took all memory, or minutes."""
    rule = {"id": "r", "if": {"properties": {"note": {"pattern": pattern}}}, "then": True}
    for changes in (
        {"note": {"pattern": pattern}},
        {"x-text-rules": [text_rule(pattern)]},
        {"x-rules": [rule]},
        {"patternProperties": {pattern: True}},
    ):
        with pytest.raises(UserError, match=r"^ships\.json: patterns are too large or too deep to be used"):
            schema(**changes)


@pytest.mark.parametrize(
    "pattern", ["a{1000}", "(?:[a-z]{1,20}-){3,5}", "x" * 10_000, "(?>a{2,9})++b{3}", "("]
)
def test_ordinary_counts_are_allowed(pattern):
    assert not patterns.too_large(pattern)
