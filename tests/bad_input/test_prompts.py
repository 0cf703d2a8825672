"""Prompts with mistakes in ids, shares, slots and given values."""

import pytest

from stages.common.prompts import load_asked_prompts
from stages.common.schema import load_schema
from stages.shell.errors import UserError
from tests.bad_input.inputs import PROMPTS, message, refuses_with
from tests.tiny import edit_yaml


def training(template):
    return {"training": [{"id": "mine", "share": 1.0, "template": template}]}


PROMPT_MISTAKES = {
    "unknown slot": (training("{fields} of age {aeg}"), ["mine: unknown slot {aeg}"]),
    "slot of the identifier": (training("{source_id}"), ["mine: unknown slot {source_id}"]),
    "empty slot": (training("{}"), ["mine: unknown slot {}"]),
    "unbalanced brace": (training("{fields} {"), ["a literal brace is written twice"]),
    "no prompts": ({"training": []}, ["training: []", "at least 1"]),
    "null": ({"training": None}, ["the list 'training' is missing"]),
    "share 0": (
        {"training": [{"id": "a", "share": 0, "template": "x"}]},
        ["training.0.share: 0: input should be greater than 0"],
    ),
    "no template": ({"training": [{"id": "a", "share": 1.0}]}, ["training.0.template: required, missing"]),
    "id twice": (
        {"training": [{"id": "a", "share": 1.0, "template": "x"}] * 2},
        ["a: two prompts have this id"],
    ),
}


@pytest.mark.parametrize(("change", "parts"), PROMPT_MISTAKES.values(), ids=PROMPT_MISTAKES)
def test_training_prompts(change, parts):
    edit_yaml(PROMPTS, change)
    refuses_with(parts)


def test_no_prompt_that_every_record_can_fill():
    edit_yaml(PROMPTS, training("{hours} hours a week"))
    assert "no training prompt of data/prompts.yaml fits" in message()


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"employment": "lazy"}, "mine: given employment: 'lazy' is not one of"),
        ({"age": "34"}, "mine: given age: '34' is not of type 'integer'"),
        ({"shoe": 44}, "mine: given shoe: the schema has no such field"),
        ({"source_id": "acs12-0002"}, "mine: given source_id: the schema has no such field"),
    ],
)
def test_asked_prompt_with_a_wrong_given(given, part):
    edit_yaml(PROMPTS, {"asked": [{"id": "mine", "given": given, "template": "{fields}"}]})
    with pytest.raises(UserError) as error:
        load_asked_prompts(load_schema())
    assert part in str(error.value)
