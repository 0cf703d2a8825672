from pathlib import Path

from stages.common.cards import facts_of
from stages.common.schema import ProfileSchema
from stages.report.completions import matrix
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


def cells(found):
    """The cards by arm, prompt and draw."""
    return {
        (found["arms"][cell["arm"]]["id"], found["prompts"][cell["prompt"]]["id"], cell["draw"]): cell["card"]
        for cell in found["cells"]
    }


def test_arms_are_columns_in_the_order_in_which_they_were_asked(cats: Path):
    found = matrix(load_inputs())
    assert [arm["id"] for arm in found["arms"]] == [BARE, SHOTS, TUNED]
    assert [arm["name"] for arm in found["arms"]] == ["Base model", "Examples · augmented", "LoRA · original"]


def test_every_completion_has_a_cell(cats: Path):
    inputs = load_inputs()
    shown = cells(matrix(inputs))
    assert {*shown} == {(row.arm, row.prompt_id, row.draw) for row in inputs.completions}
    assert (TUNED, FREE.id, 3) in shown
    assert (BARE, INDOOR.id, 1) not in shown


def test_what_was_wrong_stands_beside_the_profile(cats: Path):
    shown = cells(matrix(load_inputs()))
    red = shown[SHOTS, FREE.id, 2]
    assert red["verdict"] == "does not fit"
    assert any('coat is "red"' in reason for reason in red["reasons"])
    assert shown[TUNED, FREE.id, 1]["verdict"] == "fits"
