"""Validity, presence, rules, adherence: counted by hand."""

import json

import pytest

from stages.common.prompts import AskedPrompt
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.common.tables.base import NotComputed
from stages.common.tables.format import (
    AdherenceRow,
    FunnelRow,
    PresenceRow,
    RuleRow,
    TextRuleRow,
    ValidityRow,
)
from stages.evaluate.cells import Cell, cells_of
from stages.evaluate.format.adherence import adherence
from stages.evaluate.format.presence import presence
from stages.evaluate.format.rules import rules, text_rules
from stages.evaluate.format.validity import complete, validity
from stages.evaluate.intervals.rates import clopper_pearson
from stages.evaluate.references import agrees
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, INDOOR, SCHEMA, cat, draws, study


def cell(*texts: str | Profile, prompt: AskedPrompt = FREE, arm: str = "tiny+lora/original") -> Cell:
    [found] = cells_of(draws(*texts, prompt_id=prompt.id, arm=arm), study())
    return found


def test_every_draw_counts_in_validity() -> None:
    # valid: the first and the fenced one; a negative number and a missing field do not fit
    texts: list[str | Profile] = [
        cat(), f"```{json.dumps(cat())}```", cat(mice=-1), {"coat": "red"}, "", "sorry", "I can't help.",
    ]  # fmt: skip
    rows = list(validity(cell(*texts), study()))
    [valid] = rows_of(ValidityRow, rows)
    assert (valid.n, valid.n_valid, valid.rate.rate) == (7, 2, 2 / 7)
    assert (valid.rate.low, valid.rate.high) == clopper_pearson(2, 7)
    funnel = rows_of(FunnelRow, rows)
    assert {row.step: row.n_step for row in funnel} == {
        "fits": 1, "fits, with extra text": 1, "repaired": 0, "does not fit": 3, "refused": 1, "empty": 1,
        "complete": 3, "valid": 2,
    }  # fmt: skip
    assert {row.n for row in funnel} == {7}


def test_complete_is_about_fields_and_not_about_values():
    node = {"required": ["home"], "properties": {"home": {"required": ["kind"]}}}
    profiles = [{"home": {"kind": None}, "more": 1}, {"home": {}}, {"home": "ship"}, {}]
    assert [complete(profile, node) for profile in profiles] == [True, False, False, False]
    assert complete({}, {})


def test_presence_counts_null_as_there() -> None:
    bare: Profile = {"tame": None, "home": {}}
    rows = rows_of(PresenceRow, presence(cell(cat(), bare, "unparsed"), study()))
    assert {row.field: (row.n_present, row.n) for row in rows} == {
        "coat": (1, 2),
        "tame": (2, 2),
        "home.kind": (1, 2),
        "breed": (1, 2),
        "mice": (1, 2),
        "note": (1, 2),
    }


def test_rules_beside_the_dataset() -> None:
    # the rule is about indoor cats: of two, one catches mice; of the training cats, one of two
    indoor = {"kind": "indoor"}
    rows = list(rules(cell(cat(home=indoor), cat(home=indoor, mice=0), cat(), {}, ""), study()))
    found = {(row.rule, row.of): (row.n_broken, row.n_applies, row.n) for row in rows_of(RuleRow, rows)}
    assert found == {
        ("(any)", "generated"): (1, 2, 4),
        ("indoor-cats-catch-none", "generated"): (1, 2, 4),
        ("(any)", "reference"): (1, 2, 10),
        ("indoor-cats-catch-none", "reference"): (1, 2, 10),
    }
    first = rows_of(RuleRow, rows)[0].rate
    assert (first.rate, first.low, first.high) == (0.5, *clopper_pearson(1, 2))


def test_fields_that_vanish_do_not_look_consistent() -> None:
    # empty profiles can break nothing, and a field that a rule demands breaks it by its absence
    left = rows_of(NotComputed, rules(cell(*["{}"] * 10), study()))
    assert [(row.table, row.field, row.reason) for row in left] == [
        ("rules", "", "no rule applies (profiles parsed: 10)")
    ]
    [row, _] = rows_of(RuleRow, rules(cell({"home": {"kind": "indoor"}}, *["{}"] * 9), study()))[:2]
    assert (row.n_broken, row.n_applies, row.rate.rate) == (1, 1, 1.0)


def test_text_rules_beside_the_dataset() -> None:
    # the first says 2 mice and has 3, the second says indoors and is not, the fourth says both and has
    # neither field; no training cat's note says either
    texts: list[str | Profile] = [
        cat(note="Caught 2 mice indoors."), cat(note="INDOOR cat"), cat(note="3 mice, 3 mice"),
        {"note": "2 mice indoors", "home": {}}, "{}",
    ]  # fmt: skip
    rows = list(text_rules(cell(*texts), study()))
    found = {row.rule: (row.n_broken, row.n_applies, row.n) for row in rows_of(TextRuleRow, rows)}
    assert found == {"(any)": (2, 3, 5), "says-mice": (1, 2, 5), "says-indoor": (2, 2, 5)}
    left = [(row.table, row.contrast, row.field, row.reason) for row in rows_of(NotComputed, rows)]
    assert left == [("text_rules", "reference", "", "no rule applies (people: 10)")]


def test_a_rule_that_applies_to_nobody_is_left_out_alone() -> None:
    rows = list(text_rules(cell(cat(note="3 mice")), study()))
    assert [row.rule for row in rows_of(TextRuleRow, rows)] == ["(any)", "says-mice"]
    assert [(row.field, row.reason) for row in rows_of(NotComputed, rows) if row.contrast != "reference"] == [
        ("says-indoor", "applies to none (profiles parsed: 1)")
    ]


@pytest.mark.parametrize(("family", "key"), [(rules, "x-rules"), (text_rules, "x-text-rules")])
def test_rules_of_a_schema_without_rules_are_left_out(family, key) -> None:
    bare = study(schema=ProfileSchema({k: v for k, v in SCHEMA.items() if k != key}, "cats.json"))
    [row] = family(cell(cat()), bare)
    assert isinstance(row, NotComputed)
    assert row.reason == f"the schema has no {key}"


def test_adherence_tells_unparsed_missing_and_wrong() -> None:
    texts: list[str | Profile] = [cat(home={"kind": "indoor"}), cat(), cat(home={}), "sorry", ""]
    [row] = adherence(cell(*texts, prompt=INDOOR), study())
    assert isinstance(row, AdherenceRow)
    assert (row.n, row.n_unparsed, row.n_missing, row.n_compared, row.n_agree) == (5, 2, 1, 2, 1)
    assert row.rate.rate == pytest.approx(0.5)


def test_adherence_of_nothing_is_left_out() -> None:
    [row] = adherence(cell("sorry", prompt=INDOOR), study())
    assert isinstance(row, NotComputed)
    assert row.reason == "no profile has the field: 0 of 1 draws parsed"


def test_agreement_is_of_values_and_not_of_their_spelling() -> None:
    assert agrees({"mice": 34.0}, "mice", 34)
    assert not agrees({"tame": 1}, "tame", True)
    assert not agrees({}, "tame", None)
    assert agrees({"tame": None}, "tame", None)
