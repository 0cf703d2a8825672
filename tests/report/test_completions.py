from pathlib import Path

from stages.common.cards import facts_of
from stages.common.schema import ProfileSchema
from stages.report.completions import asked
from stages.report.inputs import load_inputs
from tests.evaluate.fakes import FREE, INDOOR, cat, schema
from tests.report.study import BARE, SHOTS, TUNED


def test_a_card_marks_missing_null_wrong_and_unknown_differently():
    profile = {"coat": "red", "tame": None, "home": {"kind": "ship", "deck": {"n": 2}}, "mice": 3}
    lines = schema().violations(profile)
    states = {fact.path: fact.state for fact in facts_of(profile, lines, schema())}
    assert states == {
        "coat": "wrong",
        "tame": "null",
        "home.kind": "",
        "breed": "missing",
        "mice": "",
        "note": "missing",
        "home.deck.n": "unknown",
    }


def test_a_text_where_an_object_belongs_is_shown():
    profile = {**cat(), "home": "a barn"}
    facts = {fact.path: fact for fact in facts_of(profile, [], schema())}
    assert (facts["home.kind"].state, facts["home"].value) == ("missing", "a barn")


def test_a_wrong_item_marks_its_list_and_a_null_object_is_a_known_field():
    node = {
        "properties": {
            "tongues": {"type": "array", "items": {"enum": ["de"]}, "x-role": "attribute"},
            "home": {"type": ["object", "null"], "properties": {"kind": {"x-role": "attribute"}}},
        }
    }
    lists, profile = ProfileSchema(node), {"tongues": ["de", "xx"], "home": None}
    facts = facts_of(profile, lists.violations(profile), lists)
    assert [(fact.path, fact.value, fact.state) for fact in facts] == [
        ("tongues", '["de","xx"]', "wrong"),
        ("home.kind", "missing", "missing"),
    ]


def test_draws_stand_side_by_side_in_the_order_of_the_arms(cats: Path):
    by_prompt = {one.prompt: one for one in asked(load_inputs())}
    free = by_prompt[FREE.id]
    assert [strip.arm for strip in free.strips] == [BARE, SHOTS, TUNED]
    assert [one.anchor if one else None for one in free.rows[3]] == [None, None, f"{TUNED}/{FREE.id}/3"]
    assert [strip.arm for strip in by_prompt[INDOOR.id].strips] == [TUNED]


def test_what_was_wrong_stands_beside_the_profile(cats: Path):
    free = next(one for one in asked(load_inputs()) if one.prompt == FREE.id)
    red = free.rows[2][1]
    assert red is not None
    assert not red.fits
    assert any("'red'" in remark for remark in red.remarks)
    fits = free.rows[1][2]
    assert fits is not None
    assert fits.fits
