"""Strict, repaired, invalid, refused, empty: each told apart, nothing lost in silence."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.fields import canonical
from stages.common.json_objects import UNCLOSED
from stages.common.strict_json import MAX_DEPTH
from stages.common.verdicts import AROUND
from stages.evaluate.reading.parsing import parse
from stages.evaluate.reading.repair import _words

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v, max_size=3))
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=5)
JSON_LIKE = st.text(alphabet="{}[]\":,\\ab1.-eE\n'/*# N", max_size=60)


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_empty(text: str) -> None:
    assert parse(text).status == "empty"


@pytest.mark.parametrize("text", ['{"age": 34}', ' \n{"age": 34}\n', '{\n  "age": 34\n}', "{}"])
def test_strict(text: str) -> None:
    assert parse(text).status == "strict"
    assert parse(text).notes == ()


@pytest.mark.parametrize(
    "text",
    [
        'Here it is: {"age": 34}. Enjoy!',
        '```json\n{"age": 34}\n```',
        '[{"age": 34}]',
        'It\'s 5" tall: {"age": 34}',
    ],
)
def test_text_around_a_strict_object_is_a_noted_repair(text: str) -> None:
    parsed = parse(text)
    assert (parsed.status, parsed.profile, parsed.notes) == ("repaired", {"age": 34}, (AROUND,))


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ('{"age": 34,}', {"age": 34}),
        ('{"weight": 1.50,}', {"weight": 1.5}),
        ('{"income": 45,000}', {"income": "45,000"}),  # not guessed to be a number: the schema refuses it
        ("{'name': 'Ann', 'age': 34}", {"name": "Ann", "age": 34}),
        ('{"tame": True, "home": None}', {"tame": True, "home": None}),
        ('{"name": "Ann" "age": 34}', {"name": "Ann", "age": 34}),
        ('{"note": "caf\\u00e9\\nat noon", "age": 34,}', {"note": "café\nat noon", "age": 34}),
        ('{"home": {"kind": "ship",}, "age": 34}', {"home": {"kind": "ship"}, "age": 34}),
    ],
)
def test_punctuation_is_repaired_and_noted(text: str, profile: dict[str, Any]) -> None:
    parsed = parse(text)
    assert (parsed.status, parsed.profile) == ("repaired", profile)
    assert parsed.notes[0].startswith("not JSON: ")


@pytest.mark.parametrize(
    "text", ['{"name": "An', '{"age": 3', '{"home": {"kind": "ship"}', "{", '{"a": {"b": {}}']
)
def test_a_cut_off_object_is_invalid_and_says_so(text: str) -> None:
    # json_repair would keep "An", and an inner object is not the profile
    assert parse(text).status == "invalid"
    assert parse(text).notes == (UNCLOSED,)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('{"age": 34 years}', "lose 'years'"),  # json_repair: 34
        ('{"age": 34, "age": 35}', "has the key 'age' twice"),  # json_repair: 35
        ('{"n": 1e999}', "1e999 is too large a number"),  # Python: inf
        ('{"n": "\\ud800"}', "surrogates not allowed"),
        ('{"n": - 5, }', "a repair would lose '-'"),
        ('{"n": 5, ...}', "a repair would lose '...'"),
        ("She is 34 years old.", "no JSON object"),
        ("[34]", "no JSON object"),
        ('{"a": ' + "[" * 50 + "]" * 50 + "}", f"nests deeper than {MAX_DEPTH} levels"),
        ('{"a": ' + "[" * 5000 + "]" * 5000 + "}", f"nests deeper than {MAX_DEPTH} levels"),
    ],
)
def test_what_would_lose_or_change_a_word_is_invalid(text: str, note: str) -> None:
    parsed = parse(text)
    assert (parsed.status, parsed.profile) == ("invalid", None)
    assert note in " | ".join(parsed.notes)


def test_of_several_objects_the_first_readable_one_is_taken_and_counted() -> None:
    # json_repair would give the last
    parsed = parse('{"age": 34}\n{"age": 35}')
    assert parsed.profile == {"age": 34}
    assert parsed.notes == ("2 objects; the first readable one is taken", AROUND)
    assert parse('{"age": 34 years} {"age": 35}').profile == {"age": 35}


def test_a_cut_off_second_object_is_not_hidden() -> None:
    parsed = parse('{"age": 34} {"age": 3')
    assert (parsed.status, parsed.profile) == ("repaired", {"age": 34})
    assert parsed.notes[0].startswith("2 objects")


@given(OBJECTS)
def test_every_json_object_comes_back_as_it_was(profile: dict[str, Any]) -> None:
    for text in (json.dumps(profile), canonical(profile), json.dumps(profile, indent=2)):
        assert parse(text).status == "strict"
        assert canonical(parse(text).profile) == canonical(profile)


@given(st.text() | JSON_LIKE | JSON_LIKE.map(lambda text: f"{{{text}}}"))
def test_no_text_raises_and_every_profile_can_be_written(text: str) -> None:
    parsed = parse(text)
    assert (parsed.profile is None) == (parsed.status in ("invalid", "refused", "empty"))
    assert (parsed.status in ("repaired", "invalid", "refused")) == bool(parsed.notes)
    canonical(parsed.profile).encode()


@given(JSON_LIKE.map(lambda text: f'{{"a": {text}}}'))
def test_a_profile_has_no_word_that_the_text_has_not(text: str) -> None:
    profile = parse(text).profile
    if profile is not None and parse(text).notes:
        assert set(_words(canonical(profile))) <= set(_words(text))


@given(OBJECTS.filter(bool), st.data())
def test_a_strict_object_cut_anywhere_gives_no_profile(profile: dict[str, Any], data: st.DataObject) -> None:
    text = canonical(profile)
    cut = data.draw(st.integers(1, len(text) - 1))
    assert parse(text[:cut]).profile is None
