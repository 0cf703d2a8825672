"""Words of a text: letters with their marks, in one way of writing."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.evaluate.words.tokens import tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ko\u0308chin K\u00f6chin", ["k\u00f6chin"] * 2),
        (
            "\u0939\u093f\u0928\u094d\u0926\u0940!",
            ["\u0939\u093f\u0928\u094d\u0926\u0940"],
        ),  # vowel signs are marks
        ("cool\u2764\ufe0f 1\ufe0f\u20e3 \u0301", ["cool"]),  # marks on a sign, a digit and nothing
        ("a-\u0301b 12", ["ab"]),
        ("", []),
    ],
)
def test_a_mark_belongs_to_its_letter(text, words):
    assert tokens(text) == words


@given(st.text())
def test_how_a_text_is_composed_is_no_matter(text):
    assert tokens(normalize("NFD", text)) == tokens(normalize("NFC", text))
