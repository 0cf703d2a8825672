"""Texts of the study are recognised; what was asked otherwise is not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.importing.recognising import Expected, Match, names_file, normalised, recognise
from thesis.importing.turns import Turn


def turn(*asked, attached=()):
    return Turn("c", "m", asked, tuple(attached), True, True, "answer", None, None)


def matched(found):
    assert isinstance(found, Match)
    return found


def test_every_text_is_itself(texts, expected):
    for (prompt_id, condition), text in texts.items():
        match = matched(recognise(turn(text), expected))
        assert (match.expected.prompt_id, match.expected.condition, match.score) == (
            prompt_id,
            condition,
            100.0,
        )


@given(st.lists(st.sampled_from([" ", "\n", "\r\n", "\t", "\xa0"]), min_size=1, max_size=3).map("".join))
def test_white_space_is_no_change(texts, expected, blank):
    text = texts["employed", "original"]
    assert matched(recognise(turn(blank + text.replace(" ", blank)), expected)).exact


def test_decomposed_letters_are_no_change():
    [one] = made = [Expected("p", "none", normalised("Décris une personne"))]
    assert matched(recognise(turn(unicodedata.normalize("NFD", "Décris une personne")), made)).expected == one


@pytest.mark.parametrize(
    ("old", "new"),
    [('"employed"', "“employed”"), ("Hours are", "Hour are"), ("Write the", "Hello! Please write the")],
)
def test_slips_are_near(texts, expected, old, new):
    match = matched(recognise(turn(texts["employed", "augmented"].replace(old, new)), expected))
    assert (match.expected.prompt_id, match.expected.condition) == ("employed", "augmented")
    assert 95 < match.score < 100
    assert not match.exact


@pytest.mark.parametrize(
    ("prompt_id", "condition", "old", "new"),
    [
        ("employed", "none", "employed", "unemployed"),  # scores 99.8
        ("not-in-labor-force", "none", "not in labor force", "in labor force"),
        ("free-profile", "none", "anyone", "any woman"),
        ("free-profile", "original", "profiles-1.json", "profiles-3.json"),
        ("free-profile", "none", "The person can be anyone.", ""),
    ],
)
def test_a_change_in_what_tells_prompts_apart_is_not_taken(texts, expected, prompt_id, condition, old, new):
    assert recognise(turn(texts[prompt_id, condition].replace(old, new)), expected) == "ambiguous"


@pytest.mark.parametrize(
    "text", ["", "Hello", "Write the profile of one adult as JSON: name, age.", "x" * 10**6]
)
def test_other_texts_are_none(expected, text):
    assert recognise(turn(text), expected) is None


def test_two_prompts_with_the_same_text_are_ambiguous():
    twins = [Expected("a", "none", "same"), Expected("b", "none", "same")]
    assert recognise(turn("same"), twins) == "ambiguous"


def test_the_file_of_the_other_condition_contradicts(texts, expected):
    text = texts["free-profile", "original"]
    assert recognise(turn(text, attached=["profiles-2.json"]), expected) == "other file attached"
    assert recognise(turn(texts["free-profile", "none"], attached=["profiles-1.json"]), expected) == (
        "other file attached"
    )
    assert matched(recognise(turn(text, attached=["profiles-1 (3).json", "notes.pdf"]), expected)).exact


def test_whether_the_file_is_named():
    assert names_file(turn(attached=["profiles-1.json"]), "original")
    assert not names_file(turn(attached=["notes.pdf"]), "original")
    assert names_file(turn(), "none")


def test_a_text_that_became_an_attachment_is_recognised(texts, expected):
    assert matched(recognise(turn("", texts["free-profile", "none"]), expected)).exact
