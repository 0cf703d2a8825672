"""A card says what `evaluate` and the report say about the same text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.records import Written
from stages.evaluate.reading.profiles import evaluated
from tests.thesis.ask.fakes import GOOD, SCHEMA
from thesis.ask.card import Card, card_of


def states(card: Card) -> dict[str, tuple[str, str]]:
    return {fact.path: (fact.value, fact.state) for fact in card.facts}


def profile(**changes: Any) -> str:
    return json.dumps(json.loads(GOOD) | changes)


def test_a_profile_that_fits() -> None:
    card = card_of(GOOD, SCHEMA)
    assert card.fits
    assert card.verdict == "fits"
    assert [*states(card).items()] == [
        ("town", ("north", "")),
        ("job.has", ("yes", "")),
        ("job.hours", ("40", "")),
        ("about", ("Works.", "")),
    ]
    assert card.reasons == []


def test_every_kind_of_field() -> None:
    card = card_of(profile(town="west", job={"has": "no", "hours": None}, pet={"name": "Rex"}), SCHEMA)
    found = states(card)
    assert found["town"] == ("west", "wrong")
    assert found["job.hours"] == ("null", "null")
    assert found["pet.name"] == ("Rex", "unknown")
    assert not card.fits
    assert states(card_of(profile(job={"has": "no"}), SCHEMA))["job.hours"] == ("missing", "missing")


def test_broken_rules_with_what_they_say() -> None:
    card = card_of(profile(job={"has": "no", "hours": 40}), SCHEMA)
    assert card.reasons == ["breaks the rule hours-need-a-job: No hours without a job."]
    card = card_of(profile(about="Jobless."), SCHEMA)
    assert card.reasons == ["the text contradicts a field (rule says-jobless)"]  # it has no description


@pytest.mark.parametrize(
    ("text", "status", "n_facts"),
    [
        ("", "empty", 0),
        ("I can't help with that.", "refused", 0),
        ("A person.", "invalid", 0),
        (GOOD[:-1], "invalid", 0),
        (f"Here: {GOOD}", "repaired", 4),
    ],
)
def test_texts_that_are_not_one_profile(text: str, status: str, n_facts: int) -> None:
    card = card_of(text, SCHEMA)
    assert (card.read.status, len(card.facts), card.fits) == (status, n_facts, False)


@given(
    st.text() | st.dictionaries(st.text(max_size=4), st.none() | st.integers() | st.text()).map(json.dumps)
)
def test_it_is_read_as_evaluate_reads(text: str) -> None:
    row = Written(source="a", condition="none", prompt_id="p", draw=3, text=text)
    read = card_of(text, SCHEMA).read
    assert read.model_copy(update={"arm": row.arm, "prompt_id": "p", "draw": 3}) == evaluated(row, SCHEMA)


def test_control_characters_are_shown_as_marks() -> None:
    card = card_of(profile(town="\x1b[31m\u202e"), SCHEMA)
    shown = [fact.value for fact in card.facts] + card.reasons
    assert not [text for text in shown if "\x1b" in text or "\u202e" in text]
