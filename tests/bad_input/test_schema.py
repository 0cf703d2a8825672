"""A schema that is invalid, or does not say what the pipeline needs."""

import pytest

from tests.bad_input.inputs import SCHEMA, edit_schema, message, refuses_with, write


def drop_role(schema):
    del schema["properties"]["age"]["x-role"]


SCHEMAS = {
    "not a type": (lambda s: s["properties"]["age"].update(type="whole"), ["not a JSON Schema", "age/type"]),
    "not a pattern": (
        lambda s: s["properties"]["summary"].update(pattern="("),
        ["not a JSON Schema", "pattern"],
    ),
    "no role": (drop_role, ["age: x-role is missing; it must be one of protected"]),
    "no such role": (lambda s: s["properties"]["age"].update({"x-role": "secret"}), ['x-role is "secret"']),
    "no properties": (lambda s: s.pop("properties"), ['needs "properties"']),
    "field is true": (lambda s: s["properties"].update(age=True), ["age: is true"]),
    "two ids": (
        lambda s: s["properties"]["age"].update({"x-role": "identifier"}),
        ["source_id, age: only one"],
    ),
    "dotted": (lambda s: s["properties"].update({"a.b": {"x-role": "text"}}), ["'a.b'", "dot"]),
    "rule without then": (lambda s: s["x-rules"][1].pop("then"), ["rule 2: has no 'then'"]),
    "rule without id": (lambda s: s["x-rules"][0].pop("id"), ["rule 1: has no 'id'"]),
    "rule not a schema": (
        lambda s: s["x-rules"][0].update({"if": {"type": 3}}),
        ["not a JSON Schema", "type"],
    ),
    "rule is a text": (lambda s: s["x-rules"].append("age"), ["x-rules must be a list of objects"]),
    "text rule with a bad pattern": (
        lambda s: s["x-text-rules"][0].update(pattern="(", text="age"),
        ["x-text-rules", "text 'age'", "not a regular expression"],
    ),
    "rules are an object": (lambda s: s.update({"x-rules": {"a": 1}}), ["x-rules must be a list"]),
}


@pytest.mark.parametrize(("change", "parts"), SCHEMAS.values(), ids=SCHEMAS)
def test_schema(change, parts):
    edit_schema(change)
    refuses_with(["data/schema/profile.schema.json", *parts])


def test_schema_is_not_json():
    write(SCHEMA, '{"type": object}')
    assert "data/schema/profile.schema.json:1:10: not JSON" in message()
