"""What is a refusal, and what only sounds like one."""

import pytest

from stages.evaluate.reading.parsing import parse
from stages.evaluate.reading.refusals import HEAD, refusal


@pytest.mark.parametrize(
    "text",
    [
        "I cannot help with that.",
        "I’m sorry, but I can’t  create\nprofiles of real people.",
        "As an AI language model, I am unable to provide personal information.",
        "I'm not able to assist with this request.",
        "I must respectfully decline.",
        "I do not feel comfortable creating a profile with race in it.",
        "I'd rather not write this.",
        "Sorry, but this goes against my guidelines.",
    ],
)
def test_refusals(text):
    parsed = parse(text)
    assert (parsed.status, parsed.profile) == ("refused", None)
    assert parsed.notes[0].startswith("refuses: ")


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "As an AI language model, here is a profile: age 34.",
        "I cannot help but notice that she is 34.",
        "I can help with that. Age: 34.",
        "Maria cannot work. She is unable to provide for her family.",
        "I am unable to providently",
        "She writes code. " * HEAD + "I cannot help with that.",
    ],
)
def test_what_refuses_nothing_is_invalid(text):
    assert refusal(text) is None
    assert parse(text).status == "invalid"


def test_an_object_is_read_whatever_stands_around_it():
    assert parse('I cannot create real people, but: {"age": 34}').status == "repaired"
    assert parse('I cannot create real people, but: {"age": 3').status == "invalid"
