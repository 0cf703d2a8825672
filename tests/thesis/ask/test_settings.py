"""Settings that cannot be used are refused in words."""

import pytest

from stages.shell.errors import UserError
from tests.thesis.ask.fakes import reciting


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"temperature": 0.0}, "Temperature must be above 0. You typed 0."),
        ({"temperature": "1e999"}, "Temperature must be a number. You typed 1e999."),
        ({"top_p": 1.5}, "Top p must be at most 1. You typed 1.5."),
        ({"draws": "many"}, "Draws must be a whole number. You typed many."),
        ({"constrained": "x"}, "Constrained must be yes or no. You typed x."),
        ({"seed": "9" * 5000}, f"You typed {'9' * 40}… (5,000 characters)."),
        ({"seed": None}, "Seed is empty. Type a number."),
        ({"warmth": "1"}, "There is no setting warmth."),
        ({"seed": "\x1b[2J\n"}, "You typed ␛[2J␊."),
    ],
)
def test_the_sentence_says_what_a_value_must_be_and_what_was_typed(changes, words):
    with pytest.raises(UserError, match="Invalid settings") as refused:
        reciting().settings.changed(**changes)
    assert words in str(refused.value)


def test_every_mistake_is_told():
    with pytest.raises(UserError) as refused:
        reciting().settings.changed(draws=0, seed=-1)
    assert [line.split()[0] for line in str(refused.value).splitlines()[1:3]] == ["Draws", "Seed"]
