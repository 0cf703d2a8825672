"""Text against fields: what contradicts, what does not, and invalid rules."""

import copy

import pytest

from stages.common.schema import ProfileSchema
from stages.common.text_rules import says
from stages.shell.errors import UserError
from tests.prepare.fakes import NODE, ship

MASTS = {"id": "masts", "text": "note", "pattern": "(?P<value>[0-9]+) masts?", "equals": "masts"}
CALM = {
    "id": "calm",
    "text": "note",
    "pattern": "(?<!not )at rest|becalmed",
    "then": {"properties": {"port": {"properties": {"berth": {"type": "integer"}}}}},
}


def schema(*rules):
    return ProfileSchema({**copy.deepcopy(NODE), "x-text-rules": list(rules)}, "ships.json")


SHIPS = schema(MASTS, CALM)


@pytest.mark.parametrize(
    ("profile", "broken"),
    [
        (ship(masts=2, note="Has 2 masts."), []),
        (ship(masts=2.0, note="Has 2 masts."), []),
        (ship(masts=2, note="Has 3 Masts."), ["masts"]),
        (ship(masts=2, note="Has 2 masts, had 3 masts."), ["masts"]),  # every place counts
        (ship(masts=2, note="Has 3 mastsmen."), []),  # whole words
        (ship(masts=2, note="Has B3 masts."), []),
        (ship(masts=None, note="Has 3 masts."), ["masts"]),
        ({"note": "Has 3 masts."}, []),  # a field left out contradicts nothing
        (ship(masts=2, note=None), []),
        (ship(note=["3 masts"]), []),
        (ship(note="AT REST"), []),
        (ship(port={"city": "Bergen", "berth": None}, note="AT REST, 9 masts"), ["masts", "calm"]),
        (ship(port={"city": "Bergen", "berth": None}, note="not at rest"), []),
    ],
)
def test_what_breaks_a_text_rule(profile, broken):
    assert SHIPS.broken_text_rules(profile) == broken


@pytest.mark.parametrize(
    ("words", "value", "same"),
    [
        ("1,200", 1200, True),
        ("1,200", 1200.0, True),
        ("1", True, False),
        ("Köln", "KÖLN", True),
        ("seven", 7, False),
        ("7", "7", True),
        ("7", None, False),
        ("7", [7], False),
        (None, 7, True),
    ],
)
def test_words_name_a_value(words, value, same):
    assert says(words, value) == same


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        ({**MASTS, "pattern": "(?P<value>[0-9"}, ["masts: pattern", "not a regular expression"]),
        ({**MASTS, "pattern": "[0-9]+ masts"}, ["one named group"]),
        ({**CALM, "pattern": "(?P<value>calm)"}, ["with then none"]),
        ({**CALM, "pattern": "(calm)?"}, ["matches where nothing stands"]),
        ({**MASTS, "text": "flag"}, ["text 'flag': the schema has no field of x-role text there"]),
        ({**MASTS, "text": "hull"}, ["text 'hull'"]),
        ({**MASTS, "equals": "mast"}, ["equals 'mast': the schema has no such field"]),
        ({**MASTS, "then": {}}, ["a then or an equals, and not both"]),
        ({key: MASTS[key] for key in ("id", "text", "pattern")}, ["a then or an equals"]),
        ({**CALM, "then": {"type": 3}}, ["then: not a JSON Schema"]),
        ({**CALM, "then": {"properties": {"port": {"properties": {"bert": {}}}}}}, ["then: port.bert:"]),
        ({**MASTS, "patern": "x"}, ["x-text-rules.0.patern: unknown key"]),
        ({"id": "masts"}, ["x-text-rules.0.text: required", "x-text-rules.0.pattern: required"]),
        ("masts", ["x-text-rules.0"]),
    ],
)
def test_an_invalid_text_rule_is_refused_with_its_place(rule, parts):
    with pytest.raises(UserError, match=r"^ships\.json: x-text-rules") as refused:
        schema(rule)
    assert [part for part in parts if part not in str(refused.value)] == []


def test_all_mistakes_are_reported_at_once():
    with pytest.raises(UserError, match=r"masts: two rules(.|\n)*calm: text 'x'(.|\n)*calm: needs"):
        schema(MASTS, MASTS, {**CALM, "text": "x", "equals": "masts"})


def test_a_schema_needs_no_text_rules():
    assert ProfileSchema(NODE).text_rules == ()
