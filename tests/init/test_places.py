"""From what was seen to JSON Schema."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from stages.prepare.cleaning import read_number
from tests.init.fakes import seen
from thesis.init.fields.dates import date_pattern
from thesis.init.fields.kinds import has_levels, is_free_text, node_of
from thesis.init.fields.numerals import NO_RULES


def node(*values, **kept):
    return node_of(seen(*values, **kept), NO_RULES, nulls_dropped=False)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], {"type": "integer"}),
        ([1, 2.5], {"type": "number"}),
        ([1.0, 2.0], {"type": "integer"}),
        (["34", 35, None], {"type": ["integer", "null"]}),
        ([True, False], {"type": "boolean"}),
        (["rot", "grün", "rot", "grün", "rot"], {"type": "string", "enum": ["rot", "grün"]}),
        (["rot", "rot", "N/A"], {"type": ["string", "null"], "enum": ["rot", None]}),
        ([None, ""], {"type": "null"}),
        ([1, "viel", True], {"type": ["boolean", "integer", "string"]}),
        ([["a", "b"], [], ["a", "b"]], {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}),
        ([[], []], {"type": "array"}),
        ([{}], {"type": "object", "additionalProperties": False, "required": [], "properties": {}}),
    ],
)
def test_types_and_levels(values, expected):
    assert node(*values) == expected


def test_a_key_that_is_always_there_is_required_also_in_objects_of_lists():
    found = node([{"a": 1, "b": None}, {"a": 2}])["items"]
    assert (found["required"], found["properties"]["b"]) == (["a"], {"type": "null"})


def test_a_key_that_is_missing_in_one_file_alone_is_not_required():
    assert node({"a": 1}, {"a": 1}, augmented=[{}])["required"] == []


def test_where_nulls_are_dropped_a_field_with_nulls_is_not_required():
    place = seen({"a": 1, "b": None}, {"a": 2, "b": 3})
    assert node_of(place, NO_RULES, nulls_dropped=True)["required"] == ["a"]


def test_many_values_are_no_levels_and_few_that_hardly_repeat_neither():
    assert has_levels(seen(*"aabbcc"))
    assert not has_levels(seen(*"abcdef"))
    assert not has_levels(seen(*[f"town {i}" for i in range(50)] * 3))
    assert not has_levels(seen(*["x" * 61] * 4))


def test_towns_are_no_free_text_but_names_and_sentences_are():
    towns = [f"town {i}" for i in range(50)]
    assert not is_free_text(seen(*towns, *towns[:10]))
    assert is_free_text(seen(*towns))
    assert is_free_text(seen(*["she reads a lot of books"] * 5))


def test_dates():
    assert date_pattern(["2020-01-31", "2021-12-01"])
    assert date_pattern(["31.1.2020", "1.12.2021"])
    assert date_pattern(["2020-01-31", "soon"]) is None
    assert date_pattern(
        ["05JAN2020", "03/2020", "March 2026", "Mon, 05 Jan 2020 10:00:00 GMT", "2020年1月5日"]
    )
    assert [date_pattern([text]) for text in ("Room 2000", "Boston 2014", "ABC2020", "12/345")] == [None] * 4


SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | st.text(max_size=8)
)
RECORDS = st.lists(
    st.fixed_dictionaries({}, optional={"a": SCALARS, "b": st.lists(SCALARS, max_size=3)}), min_size=1
)


@example([{"a": "0.0"}])
@given(RECORDS)
def test_whatever_was_seen_fits_once_texts_are_cleaned(records):
    """Of texts that mean null or a number `prepare` makes such; all else fits as it stands."""
    schema = Draft202012Validator(node(*records))

    def plain(value):
        if not isinstance(value, str):
            return True
        return value == value.strip() and value not in ("", "N/A") and read_number(value, NO_RULES) == value

    for record in records:
        values = [*([record["a"]] if "a" in record else []), *record.get("b", [])]
        if all(plain(value) for value in values):
            assert schema.is_valid(record)
