"""Prompts: slots, filling, what is asked."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stages.common.prompts import (
    AskedPrompt,
    asked_text,
    fill,
    in_words,
    load_asked_prompts,
    load_training_prompts,
    slots,
)
from stages.shell.errors import UserError
from tests.prepare.fakes import SCHEMA


def test_slots_are_filled_and_the_list_of_fields_comes_from_the_schema():
    text = fill(
        "A ship of {port.city}:\n{fields}\nMasts: {masts}, {{kept}}\n",
        {"port.city": "Bergen", "masts": 2},
        SCHEMA,
    )
    lines = text.splitlines()
    assert lines[0] == "A ship of Bergen:"
    assert lines[1:-1] == SCHEMA.described.splitlines()
    assert lines[-1] == "Masts: 2, {kept}"
    assert "hull" not in text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}")))
def test_values_are_not_filled_again(value):
    assert fill("a {note} b", {"note": f"{{fields}} {value}"}, SCHEMA) == f"a {{fields}} {value} b"


def test_a_slot_without_a_value():
    with pytest.raises(KeyError):
        fill("{masts}", {}, SCHEMA)


@pytest.mark.parametrize(
    ("value", "text"), [("ä b", "ä b"), (3, "3"), (None, "null"), (["ä"], '["ä"]'), (True, "true")]
)
def test_values_in_a_sentence(value, text):
    assert in_words(value) == text


@pytest.mark.parametrize("template", ["{", "}", "a {b", "{a}}"])
def test_braces_that_do_not_match(template):
    with pytest.raises(UserError, match="a literal brace is written twice"):
        slots(template)


def test_asked_text():
    prompt = AskedPrompt(id="a", given={"masts": 3}, template="With {masts} masts.\n")
    assert asked_text(prompt, SCHEMA) == "With 3 masts."


def test_either_half_of_the_file_is_read_without_the_other(tmp_path):
    path = tmp_path / "prompts.yaml"
    training = [{"id": "t", "share": 1, "template": "{fields} {note}"}]
    asked = [{"id": "a", "given": {"flag": "red"}, "template": "{flag}"}]
    path.write_text(yaml.safe_dump({"training": training, "asked": "broken"}))
    assert [prompt.id for prompt in load_training_prompts(SCHEMA, path)] == ["t"]
    path.write_text(yaml.safe_dump({"training": "broken", "asked": asked}))
    assert [prompt.id for prompt in load_asked_prompts(SCHEMA, path)] == ["a"]


def test_all_mistakes_are_reported_at_once(tmp_path):
    path = tmp_path / "prompts.yaml"
    asked = [
        {"id": "a", "given": {"flag": "blue", "shoe": 1}, "template": "{masts}"},
        {"id": "a", "given": {}, "template": "{fields}"},
    ]
    path.write_text(yaml.safe_dump({"asked": asked}))
    with pytest.raises(UserError) as error:
        load_asked_prompts(SCHEMA, path)
    for line in (
        "a: unknown slot {masts}",
        "a: two prompts have this id",
        "a: given flag: 'blue' is not one of",
        "a: given shoe: the schema has no such field",
    ):
        assert line in str(error.value)
