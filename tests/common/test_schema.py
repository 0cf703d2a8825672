"""The schema: roles, dotted paths, rules, what does not fit."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.fields import MISSING, get, put
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.shell.errors import UserError
from tests.prepare.fakes import NODE, SCHEMA, ship

keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="."), min_size=1)
paths = st.lists(keys, min_size=1, max_size=4).map(".".join)


@given(paths, st.integers())
def test_get_returns_what_put_stored(path, value):
    profile: Profile = {}
    put(profile, path, value)
    assert get(profile, path) == value
    assert get(profile, f"{path}.deeper") is MISSING
    assert get({}, path) is MISSING


def field(path) -> Any:
    return SCHEMA.field(path)


def test_put_leaves_other_fields_alone():
    profile = {"a": {"b": 1}, "c": 2}
    put(profile, "a.d", None)
    assert profile == {"a": {"b": 1, "d": None}, "c": 2}
    assert get(profile, "a.d") is None


def test_fields_are_leaves_in_the_order_of_the_schema_without_the_identifier():
    assert [field.path for field in SCHEMA.fields] == [
        "flag", "port.city", "port.berth", "masts", "speed", "cargo", "note",
    ]  # fmt: skip
    assert SCHEMA.identifier == "hull"
    assert [field.path for field in SCHEMA.by_role("protected", "text")] == ["flag", "note"]
    assert field("port.city").required
    assert not field("port.berth").required
    assert field("hull") is None
    assert field("port") is None


def test_fields_in_the_words_of_a_prompt():
    lines = SCHEMA.described.splitlines()
    assert 'flag: red | "-" | null' in lines
    assert "cargo: [string, …]" in lines
    assert "hull" not in SCHEMA.described


def test_an_object_is_described_as_profiles_write_it():
    assert "port: {city: string, berth: integer | null}" in SCHEMA.described.splitlines()


@pytest.mark.parametrize("plain", ["red", "not in labor force", "Köln", "nullable", "x-ray"])
def test_levels_that_can_only_be_text_have_no_quotes(plain):
    assert _level(plain) == f"sail: {plain}"


@pytest.mark.parametrize(
    "quoted", ["", "null", "true", "integer", "string", "7", "-7", ".5", " red", "a|b", 'a"b']
)
def test_levels_that_would_read_as_something_else_are_quoted(quoted):
    assert _level(quoted) == f"sail: {json.dumps(quoted)}"


def test_numbers_are_told_from_text_that_looks_like_them():
    assert _level(7) == "sail: 7"


def _level(value):
    node = {"type": "object", "properties": {"sail": {"enum": [value], "x-role": "attribute"}}}
    return ProfileSchema(node).described


def test_null_in_an_enum_is_no_level():
    assert field("flag").levels == ("red", "-")
    assert field("flag").nullable
    assert not field("masts").nullable


def test_violations_name_the_dotted_path():
    assert SCHEMA.violations(ship()) == []
    wrong = ship(port={"city": 3, "berth": "x"}, cargo=["tea", 5], shoe=1)
    assert SCHEMA.violations(wrong) == [
        "profile: Additional properties are not allowed ('shoe' was unexpected)",
        "cargo.1: 5 is not of type 'string'",
        "port.berth: 'x' is not of type 'integer', 'null'",
        "port.city: 3 is not of type 'string'",
    ]


def test_the_identifier_is_not_part_of_a_profile():
    assert "'hull' was unexpected" in SCHEMA.violations(ship(hull="h-1"))[0]


def test_a_nested_identifier_is_taken_out_too():
    node = copy.deepcopy(NODE)
    node["properties"]["port"]["properties"]["berth"] = node["properties"].pop("hull")
    node["properties"]["port"]["required"] = ["city", "berth"]
    node["required"].remove("hull")
    schema = ProfileSchema(node)
    assert schema.identifier == "port.berth"
    assert schema.violations(ship(port={"city": "Bergen"})) == []
    assert "port" in schema.violations(ship(port={"city": "Bergen", "berth": "h-1"}))[0]


@pytest.mark.parametrize(
    ("profile", "broken"),
    [
        (ship(masts=0, speed=0.0), []),
        (ship(masts=0, speed=4.5), ["no-mast-no-speed"]),
        (ship(masts=2, speed=4.5), []),
        ({"speed": 4.5}, []),
    ],
)
def test_rules_hold_where_their_condition_does(profile, broken):
    assert SCHEMA.broken_rules(profile) == broken


def test_a_field_judges_a_value():
    assert field("flag").violations("red") == []
    assert field("flag").violations(None) == []
    assert field("flag").violations("blue") == ['\'blue\' is not one of "red", "-", null']


@pytest.mark.parametrize("node", [[], "text", None, {}, {"properties": []}], ids=str)
def test_a_schema_that_does_not_describe_an_object(node):
    with pytest.raises(UserError, match='it needs "properties"'):
        ProfileSchema(node)


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ({"type": "string"}, "sail: x-role is missing; it must be one of protected"),
        ({"type": "string", "x-role": None}, "sail: x-role is null; it must be one of protected"),
        (True, "sail: is true; it must be an object"),
    ],
)
def test_values_of_a_schema_are_named_in_the_words_of_json(field: Any, found: str) -> None:
    with pytest.raises(UserError, match=found):
        ProfileSchema({"type": "object", "properties": {"sail": field}})


def test_violations_are_in_the_words_of_json() -> None:
    schema = ProfileSchema(
        {"type": "object", "properties": {"sail": {"type": "string", "x-role": "text"}}, "required": ["sail"]}
    )
    assert schema.violations({"sail": None}) == ["sail: null is not of type 'string'"]
    assert schema.violations({"sail": True}) == ["sail: true is not of type 'string'"]
    assert schema.fields[0].violations(None) == ["null is not of type 'string'"]
