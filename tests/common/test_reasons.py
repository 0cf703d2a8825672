"""Reasons are sentences about fields and values, for every keyword that a profile can break."""

import json

import pytest
from jsonschema import Draft202012Validator

from stages.common.evaluated import EvaluatedProfile
from stages.common.reasons import MAX_LISTED, WORDS, reasons_of
from stages.common.schema import ProfileSchema

FIELD = {"x-role": "attribute"}


def reasons(properties, profile, notes=(), rules=(), **changes):
    node = {"properties": {name: FIELD | field for name, field in properties.items()}, **changes}
    read = EvaluatedProfile(
        arm="tiny/none",
        prompt_id="free",
        draw=1,
        status="strict",
        profile=profile,
        notes=[*notes],
        violations=[],
        broken_rules=[*rules],
        broken_text_rules=[],
    )
    return reasons_of(read, ProfileSchema(node))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ({"minimum": 18}, 15, "age is 15; the schema allows at least 18"),
        ({"maximum": 120}, 150, "age is 150; the schema allows at most 120"),
        ({"type": ["integer", "null"]}, "45k", 'age is "45k"; the schema wants a whole number or null'),
        ({"enum": ["a", "b", None]}, "c", 'age is "c"; the schema allows "a", "b" or null'),
        ({"const": "x"}, True, 'age is true; the schema allows only "x"'),
        ({"type": "string", "maxLength": 2}, "Łódź", 'age is "Łódź"; the schema allows at most 2 characters'),
        ({"minimum": 18, "maximum": 99}, 150, "age is 150; the schema allows 18 to 99"),
        ({"minLength": 1}, "", 'age is ""; the schema wants at least 1 character'),
        ({"prefixItems": [True], "items": False}, [1, 2], "age is [1,2]; the schema allows at most 1 entry"),
        ({"unevaluatedItems": False}, [1], "age is [1]; the schema does not allow some of the entries"),
        (
            {"contains": {"const": 1}, "maxContains": 1},
            [1, 1],
            "age is [1,1]; the schema allows at most 1 entry of one kind",
        ),
        ({"additionalProperties": {"not": {}}}, {"a": 1}, "age.a is 1; the schema excludes it"),
        (
            {"propertyNames": {"maxLength": 1}},
            {"ab": 1},
            'the name of a field in age is "ab"; the schema allows at most 1 character',
        ),
        ({"pattern": "^a+$"}, "b", 'age is "b"; the schema wants a text of the form ^a+$'),
    ],
)
def test_a_value_that_does_not_fit(field, value, reason):
    assert reasons({"age": field}, {"age": value}) == [reason]


def test_missing_fields_share_a_sentence_in_the_order_of_the_schema():
    assert reasons({"b": {}, "a": {}}, {}, required=["b", "a"]) == ["b and a are missing"]
    assert reasons({"a": {}}, {}, required=["a"]) == ["a is missing"]


def test_a_long_list_is_cut():
    names = [f"f{i}" for i in range(MAX_LISTED + 3)]
    [reason] = reasons({name: {} for name in names}, {}, required=names)
    assert reason.endswith(f"f{MAX_LISTED - 1} and 3 more are missing")


def test_a_field_that_the_schema_does_not_know():
    found = reasons({"a": {}}, {"a": 1, "naïve": 2}, additionalProperties=False)
    assert found == ["the schema has no field naïve"]


def test_a_field_that_a_pattern_allows_is_not_called_unknown():
    found = reasons({"a": {}}, {"x1": 1, "y": 2}, patternProperties={"^x": True}, additionalProperties=False)
    assert found == ["the schema has no field y"]


def test_a_nested_field_has_its_path():
    home = {"type": "object", "properties": {"city": {"type": "string"} | FIELD}, "required": ["city"]}
    assert reasons({"home": home}, {"home": {}}) == ["home.city is missing"]
    assert reasons({"home": home}, {"home": {"city": 3}}) == ["home.city is 3; the schema wants a text"]


def test_a_rule_says_what_it_is_about():
    rules = [{"id": "r", "if": {}, "then": {}, "description": "No hours without work."}]
    found = reasons({"a": {}}, {}, rules=["r"], **{"x-rules": rules})
    assert found == ["breaks the rule r: No hours without work."]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a" 1}', "the JSON is broken: a colon is missing (line 1, column 6)"),
        ('{"a": 1 "b": 2}', "the JSON is broken: a comma is missing (line 1, column 9)"),
        ("{a: 1}", "the JSON is broken: a name in double quotes is missing (line 1, column 2)"),
    ],
)
def test_broken_json_in_the_words_of_people(text, reason):
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    assert reasons({"a": {}}, None, notes=[f"not JSON: {caught.value}"]) == [reason]


def test_many_small_repairs_are_one_reason():
    notes = ["repaired: While parsing a string, we missed the closing quote, ignoring"] * 3
    assert reasons({"a": {}}, {"a": 1}, notes=notes) == [
        "quotes, commas or brackets of the JSON were corrected"
    ]


def test_every_keyword_that_can_fail_has_words():
    # $ref and if/then report what lies behind them; the others that are left out cannot fail by themselves
    silent = {"$ref", "$dynamicRef", "properties", "items", "prefixItems", "patternProperties", "if"}
    silent |= {"propertyNames", "dependentSchemas", "additionalProperties", "required", "allOf"}
    assert {*Draft202012Validator.VALIDATORS} - silent <= {*WORDS}
