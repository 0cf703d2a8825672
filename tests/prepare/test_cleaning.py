"""One record: nulls, spelling, numbers, order, what the schema does not know."""

import copy
import json
import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.schema import ProfileSchema
from stages.prepare.cleaning import CleanRecord
from stages.prepare.params import NullParams, NumberParams
from tests.prepare.fakes import NODE, NULLS, clean, cleaned, ship


def nulls(become):
    return NullParams(spellings=NULLS.spellings, become=become)


def test_a_clean_record_stays_as_it_is():
    record = clean({"hull": "h-1", **ship()})
    assert isinstance(record, CleanRecord)
    assert (record.source_id, record.has_own_id, record.profile) == ("h-1", True, ship())
    assert json.loads(record.text) == ship()
    assert "\n" not in record.text
    assert "h-1" not in record.text


@pytest.mark.parametrize("spelling", ["", "  ", "N/A", " N/A\n", "-", None])
def test_spellings_of_null(spelling):
    raw = ship(hull="h", note=spelling)
    assert cleaned(raw)["note"] is None
    assert clean(raw, nulls=nulls("refused")) == ["note: is null"]
    # a required key that is left out does not fit
    assert clean(raw, nulls=nulls("dropped")) == [f"profile: 'note' is a required property{DROPPED}"]


DROPPED = ' (prepare.nulls.become: dropped leaves nulls out; take it out of "required")'


@pytest.mark.parametrize("spelling", ["n/a", "none", "N/A.", "--"])
def test_other_spellings_stay(spelling):
    assert cleaned(ship(hull="h", note=spelling))["note"] == spelling


def test_null_in_an_optional_field_can_be_dropped():
    raw = ship(hull="h", port={"city": "Bergen", "berth": "N/A"})
    assert cleaned(raw)["port"] == {"city": "Bergen", "berth": None}
    assert cleaned(raw, nulls=nulls("dropped"))["port"] == {"city": "Bergen"}
    assert clean(raw, nulls=nulls("refused")) == ["port.berth: is null"]


def test_a_level_that_is_spelled_like_a_null_stays():
    assert cleaned(ship(hull="h", flag=" - "))["flag"] == "-"
    assert cleaned(ship(hull="h", flag="N/A"))["flag"] is None


def test_null_where_none_is_allowed_is_refused():
    assert clean(ship(hull="h", masts="N/A")) == ["masts: null is not of type 'integer'"]


def test_text_is_composed_and_trimmed_also_in_lists_and_objects():
    decomposed = unicodedata.normalize("NFD", "Tønder für Ålesund")
    assert decomposed != "Tønder für Ålesund"
    profile = cleaned(
        ship(hull="h", note=f"\t{decomposed}\n", cargo=[f" {decomposed}"], port={"city": decomposed})
    )
    assert profile["note"] == profile["port"]["city"] == profile["cargo"][0] == "Tønder für Ålesund"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_is_cleaning_once(note):
    once = cleaned(ship(hull="h", note=note))
    assert cleaned({"hull": "h", **once}) == once


NUMBERS = [
    ("45000", None, [], 45000),
    (" 45000 ", None, [], 45000),
    ("-7", None, [], None),
    ("+7", None, [], 7),
    ("45,000", None, [], None),
    ("45,000", ",", [], 45000),
    ("1,234,567", ",", [], 1234567),
    ("45,00", ",", [], None),
    ("4500,000", ",", [], None),
    ("45.000", ".", [], 45000),
    ("45 000", " ", [], 45000),
    ("34 years", None, [], None),
    ("34 years", None, ["years"], 34),
    ("34years", None, ["years"], 34),
    ("34 years old", None, ["years"], None),
    ("34 y.", None, ["y."], 34),
    ("34 yx", None, ["y."], None),
    ("1,200 years", ",", ["years"], 1200),
    ("years", None, ["years"], None),
    ("3.0", None, [], 3),
    ("3.5", None, [], None),
    ("1e3", None, [], None),
    ("0x10", None, [], None),
    ("about 3", None, [], None),
    ("٣", None, [], 3),
]


@pytest.mark.parametrize(("text", "separator", "units", "number"), NUMBERS)
def test_numbers_are_read_only_by_the_rules(text, separator, units, number):
    rules = NumberParams(thousands_separator=separator, units=units)
    found = clean(ship(hull="h", masts=text), numbers=rules)
    if number is None:
        assert isinstance(found, list)
        assert found[0].startswith("masts: ")
    else:
        assert found.profile["masts"] == number
        assert type(found.profile["masts"]) is int


@given(st.integers(0, 10**12))
def test_every_whole_number_is_read_with_separators(number):
    rules = NumberParams(thousands_separator=",", units=["dollars"])
    assert cleaned(ship(hull="h", masts=f"{number:,} dollars"), numbers=rules)["masts"] == number


def test_whole_floats_become_integers_where_integers_are_meant():
    profile = cleaned(ship(hull="h", masts=2.0, speed=3.0))
    assert json.dumps([profile["masts"], profile["speed"]]) == "[2, 3.0]"


def test_numbers_in_text_stay_text():
    assert cleaned(ship(hull="h", note="45"))["note"] == "45"


@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_is_the_schemas(shuffler: random.Random):
    def shuffled(value):
        if not isinstance(value, dict):
            return value
        keys = [*value]
        shuffler.shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}

    assert clean(shuffled({"hull": "h", **ship()})).text == clean({"hull": "h", **ship()}).text


def test_unknown_keys_are_refused_where_the_schema_refuses_them():
    assert clean(ship(hull="h", shoe=1)) == [
        "profile: Additional properties are not allowed ('shoe' was unexpected)"
    ]
    nested = clean(ship(hull="h", port={"city": "Bergen", "sea": "North"}))
    assert nested == ["port: Additional properties are not allowed ('sea' was unexpected)"]


def test_unknown_keys_are_kept_where_the_schema_allows_them():
    node = copy.deepcopy(NODE)
    del node["additionalProperties"]
    profile = cleaned({"hull": "h", "shoe": {"size": 1}, **ship()}, schema=ProfileSchema(node))
    assert profile == {**ship(), "shoe": {"size": 1}}
    assert [*profile][-1] == "shoe"


@pytest.mark.parametrize(
    "raw", [{"a.b": 1}, {"a": {"b.c": 1}}, {"a": 1, "a.b": 2}, {"port.city": "Bergen"}], ids=str
)
def test_a_dot_in_a_key_is_never_taken_for_nesting(raw):
    found = clean({**ship(hull="h"), **raw})
    assert len(found) == 1
    assert "a dot in a key stands for nesting" in found[0]


@pytest.mark.parametrize("port", ["Bergen", None, [], 3, {}], ids=str)
def test_a_value_in_place_of_an_object_is_refused(port):
    assert [line for line in clean(ship(hull="h", port=port)) if line.startswith("port: ")]


def test_all_reasons_are_listed():
    found = clean(ship(hull="", masts="many", cargo="tea"), nulls=NullParams(spellings=[], become="explicit"))
    assert [line.split(":")[0] for line in found] == ["hull", "cargo", "masts"]


@pytest.mark.parametrize(("own", "text"), [("h-1", "h-1"), (7, "7"), (" h ", "h")])
def test_own_ids(own, text):
    record = clean(ship(hull=own))
    assert (record.source_id, record.has_own_id) == (text, True)


@pytest.mark.parametrize("own", [{}, {"hull": None}, {"hull": "N/A"}], ids=str)
def test_without_an_id_of_its_own_a_record_has_none_yet(own):
    record = clean({**ship(), **own})
    assert (record.source_id, record.has_own_id) == ("", False)


CREW = {
    "type": "array",
    "x-role": "text",
    "items": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "rank": {"enum": ["master", "-"]},
            "years": {"type": ["integer", "null"]},
        },
    },
}
MANNED = ProfileSchema({**NODE, "properties": {**NODE["properties"], "crew": CREW}})


def test_objects_in_lists_are_cleaned_by_their_part_of_the_schema():
    raw = ship(hull="h", crew=[{"years": "7", "rank": " -", "name": " Åse ", "ashore": True}, {"years": ""}])
    crew = cleaned(raw, schema=MANNED)["crew"]
    assert crew == [{"name": "Åse", "rank": "-", "years": 7, "ashore": True}, {"years": None}]
    assert list(crew[0]) == ["name", "rank", "years", "ashore"]


def test_nulls_in_lists_become_what_nulls_become():
    raw = ship(hull="h", crew=[{"name": "Åse", "years": "N/A"}])
    assert cleaned(raw, schema=MANNED, nulls=nulls("dropped"))["crew"] == [{"name": "Åse"}]
    assert clean(raw, schema=MANNED, nulls=nulls("refused")) == ["crew: is null"]


@pytest.mark.parametrize("spelling", [None, "N/A"])
def test_an_object_that_is_null_keeps_its_place(spelling):
    port = {**NODE["properties"]["port"], "type": ["object", "null"]}
    floating = ProfileSchema({**NODE, "properties": {**NODE["properties"], "port": port}})
    profile = cleaned(ship(hull="h", port=spelling), schema=floating)
    assert profile["port"] is None
    assert list(profile) == ["flag", "port", "masts", "speed", "cargo", "note"]
