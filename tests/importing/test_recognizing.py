"""Texts of the study are recognized; other texts are not."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.fields import canonical
from stages.common.prompts import load_asked_prompts
from stages.common.records import Condition, Profile
from stages.common.schema import load_schema
from tests.importing.exports import assistant, claude, human
from tests.tiny import ROOT
from thesis.importing.attached import names_file, people_in
from thesis.importing.claude import turns as claude_turns
from thesis.importing.recognizing import Expected, Match, expected_texts, normalized, recognize
from thesis.importing.turns import Turn


def turn(*asked, attached=()):
    return Turn("c", "m", asked, tuple(attached), True, True, "answer", None, None)


def matched(found):
    assert isinstance(found, Match)
    return found


def test_every_text_is_itself(texts, expected):
    for (prompt_id, condition), text in texts.items():
        match = matched(recognize(turn(text), expected))
        assert (match.expected.prompt_id, match.expected.condition, match.score) == (
            prompt_id,
            condition,
            100.0,
        )


@given(st.lists(st.sampled_from([" ", "\n", "\r\n", "\t", "\xa0"]), min_size=1, max_size=3).map("".join))
def test_white_space_is_no_change(texts, expected, blank):
    text = texts["employed", "original"]
    assert matched(recognize(turn(blank + text.replace(" ", blank)), expected)).exact


def test_decomposed_letters_are_no_change():
    [one] = made = [Expected("p", "none", normalized("Décris une personne"))]
    assert matched(recognize(turn(unicodedata.normalize("NFD", "Décris une personne")), made)).expected == one


@pytest.mark.parametrize(
    ("old", "new"),
    [('"employed"', "“employed”"), ("Hours are", "Hour are"), ("Write the", "Hello! Please write the")],
)
def test_slips_are_near(texts, expected, old, new):
    match = matched(recognize(turn(texts["employed", "augmented"].replace(old, new)), expected))
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
    assert recognize(turn(texts[prompt_id, condition].replace(old, new)), expected) == "ambiguous"


@pytest.mark.parametrize(
    "text", ["", "Hello", "Write the profile of one adult as JSON: name, age.", "x" * 10**6]
)
def test_other_texts_are_none(expected, text):
    assert recognize(turn(text), expected) is None


def test_two_prompts_with_the_same_text_are_ambiguous():
    twins = [Expected("a", "none", "same"), Expected("b", "none", "same")]
    assert recognize(turn("same"), twins) == "ambiguous"


def test_the_file_of_the_other_condition_contradicts(texts, expected):
    text = texts["free-profile", "original"]
    assert recognize(turn(text, attached=["profiles-2.json"]), expected) == "other file attached"
    assert recognize(turn(texts["free-profile", "none"], attached=["profiles-1.json"]), expected) == (
        "other file attached"
    )
    assert matched(recognize(turn(text, attached=["profiles-1 (3).json", "notes.pdf"]), expected)).exact


def test_whether_the_file_is_named():
    assert names_file(["profiles-1.json"], "original")
    assert names_file(["a/Profiles_1-1f2e3d4c5b6a7988.json"], "original")
    assert not names_file(["notes.pdf", "profiles-10.json"], "original")
    assert names_file([], "none")


PEOPLE: dict[Condition, list[Profile]] = {
    "original": [{"a": 1}, {"a": 2}, {"a": 3}],
    "augmented": [{"a": 1}, {"a": 20}, {"a": 30}],
}


@pytest.fixture(scope="module")
def with_people():
    schema = load_schema(ROOT / "data/schema/profile.schema.json")
    prompts = load_asked_prompts(schema, ROOT / "data/prompts.yaml")
    return expected_texts(prompts, schema, 40, PEOPLE)


@pytest.mark.parametrize("as_text", [json.dumps, lambda people: "\n".join(map(json.dumps, people))])
def test_the_people_in_the_file_tell_its_condition(texts, with_people, as_text):
    own, other = as_text(PEOPLE["original"]), as_text(PEOPLE["augmented"])
    text = texts["free-profile", "original"]
    named = {"attached": ["profiles-1.json"]}
    assert matched(recognize(turn(text, own, **named), with_people)).exact
    assert recognize(turn(text, other, **named), with_people) == "other file attached"
    assert recognize(turn(texts["free-profile", "none"], own), with_people) == "other file attached"
    assert matched(recognize(turn(text, other[:12], "[]", **named), with_people)).exact  # not one is whole


def test_what_claude_read_in_the_file_tells_its_condition(texts, with_people):
    read = {"file_name": "profiles-1.json", "extracted_content": json.dumps(PEOPLE["augmented"])}
    asked = human(texts["free-profile", "original"], attachments=[read])
    [conversation] = claude([asked, assistant("x")])
    [found] = claude_turns(conversation)
    assert recognize(found, with_people) == "other file attached"


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3)), max_size=4))
def test_people_are_found_in_any_text_around_them(people):
    assert people_in(f"These: {json.dumps(people, indent=1)} {{") == {canonical(one) for one in people}


def test_deep_nesting_ends_the_search_for_people():
    assert people_in('{"a": 1} ' + '{"a":' * 10**5) == {'{"a":1}'}


def test_a_text_that_became_an_attachment_is_recognized(texts, expected):
    assert matched(recognize(turn("", texts["free-profile", "none"]), expected)).exact
