"""The default study is what its datasheet and DESIGN.md say."""

import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from data.raw.default_study_tables import cramers_v, tables
from data.raw.make_default_study import (
    LEVELS,
    N_PEOPLE,
    as_json,
    augment,
    balanced_block,
    n_by_stratum,
    strata,
    summary,
)
from stages.common.files import read_json
from stages.common.params import read_yaml
from stages.common.prompts import asked_text, load_asked_prompts, load_training_prompts
from stages.common.schema import load_schema
from stages.common.seeds import split_of

RAW = Path("data/raw")
SCHEMA = load_schema()
PEOPLE = {condition: read_json(RAW / f"{condition}.json") for condition in ("original", "augmented")}
BOTH = pytest.mark.parametrize("condition", ["original", "augmented"])
SOUND = {
    "age": 40, "married": "no", "education": "college", "employment": "employed", "hours": 40,
    "commute": 10, "income": 30_000, "summary": "This adult was never married.",
}  # fmt: skip
GENDERED = re.compile(
    r"\b(s?he|her|hers|him|his|(wo)?m[ae]n|(fe)?male|husband|wife|mother|father|lady|boy|girl)\b",
    re.IGNORECASE,
)


def table(condition):
    """The people of a file as `make_default_study` holds them."""
    people = pd.DataFrame(PEOPLE[condition]).astype({"hours": "Int64", "commute": "Int64"})
    return people.assign(stratum=strata(people))


@BOTH
def test_400_people_each_once_fit_the_schema(condition):
    people = PEOPLE[condition]
    assert len({person["source_id"] for person in people}) == len(people) == N_PEOPLE
    assert all(list(person) == [field.path for field in SCHEMA.all_fields] for person in people)
    shown = [{key: value for key, value in person.items() if key != SCHEMA.identifier} for person in people]
    assert [line for person in shown for line in SCHEMA.violations(person)] == []


def test_all_fields_but_the_protected_ones_are_identical():
    protected = {field.path for field in SCHEMA.by_role("protected")}
    assert protected == set(LEVELS)
    shared = [
        [{key: value for key, value in person.items() if key not in protected} for person in people]
        for people in PEOPLE.values()
    ]
    assert shared[0] == shared[1]


@BOTH
def test_the_only_rule_that_real_people_break_is_the_one_the_datasheet_names(condition):
    broken = Counter(rule for person in PEOPLE[condition] for rule in SCHEMA.broken_rules(person))
    assert broken == {"hours-need-employment": 29}


@BOTH
def test_no_summary_of_real_people_contradicts_their_fields_and_most_say_something(condition):
    people = PEOPLE[condition]
    assert [rule for person in people for rule in SCHEMA.broken_text_rules(person)] == []
    said = [[rule.id for rule in SCHEMA.text_rules if rule.pattern.search(p["summary"])] for p in people]
    assert all(said)
    assert {rule for ids in said for rule in ids} == {rule.id for rule in SCHEMA.text_rules}


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("employed-has-hours", {"hours": None, "commute": None, "income": 0}),
        ("hours-need-employment", {"employment": "not in labor force", "commute": None}),
        ("commute-needs-employment", {"employment": "unemployed"}),
        ("no-hours-no-income", {"employment": "not in labor force", "hours": None, "income": 10}),
        ("education-needs-age", {"age": 18}),
    ],
)
def test_a_profile_that_breaks_a_rule_is_found(rule, change):
    assert SCHEMA.broken_rules(SOUND) == []
    assert rule in SCHEMA.broken_rules(SOUND | change)


@pytest.mark.parametrize(
    ("rule", "profile"),
    [
        ("employed-has-hours", {"employment": "employed"}),
        ("hours-need-employment", {"hours": 40}),
        ("commute-needs-employment", {"commute": 40}),
        ("no-hours-no-income", {"hours": None}),
        ("education-needs-age", {"education": "college"}),
    ],
)
def test_a_rule_is_broken_by_leaving_out_what_it_demands(rule, profile):
    assert SCHEMA.broken_rules(profile) == [rule]
    assert SCHEMA.broken_rules({}) == []


@pytest.mark.parametrize(
    ("rule", "summary"),
    [
        ("age", "This 41-year-old has an income of $30,000 a year."),
        ("at-age", "At 41, this person works 40 hours a week."),
        ("hours", "At 40, this person works 4 hours a week."),
        ("income", "This person has a college education and an income of $3,000 a year."),
        ("no-income", "This 40-year-old has no income."),
        ("unemployed", "Unemployed, and 40 years old."),
        ("not-in-labor-force", "A retired teacher of 70."),
        ("married", "Married, with a college education."),
        ("high-school", "Unmarried, with at most a high school diploma."),
        ("graduate", "Unmarried, with a graduate degree."),
    ],
)
def test_a_summary_that_contradicts_one_field_breaks_only_its_rule(rule, summary):
    assert SCHEMA.broken_text_rules(SOUND | {"summary": summary}) == [f"summary-says-{rule}"]


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("works", {"employment": "unemployed", "summary": "Works 40 hours a week."}),
        ("works", {"employment": "unemployed", "summary": "Self-employed."}),
        ("unmarried", {"married": "yes"}),
        ("college", {"education": "high school or less", "summary": "With a college education."}),
    ],
)
def test_a_contradiction_is_found_in_another_profile(rule, change):
    assert SCHEMA.broken_text_rules(SOUND) == []
    assert SCHEMA.broken_text_rules(SOUND | change) == [f"summary-says-{rule}"]


@pytest.mark.parametrize("summary", ["Not employed, never married.", "Has an undergraduate degree."])
def test_words_that_only_contain_a_rules_words_break_none(summary):
    assert SCHEMA.broken_text_rules(SOUND | {"employment": "unemployed", "summary": summary}) == []


def test_augmented_levels_and_their_pairs_are_equally_frequent():
    people = table("augmented")
    for first, second in combinations(LEVELS, 2):
        counts = pd.crosstab(people[first], people[second])
        assert set(counts.to_numpy().flat) == {N_PEOPLE / counts.size}


def test_what_goes_together_in_original_does_not_in_augmented():
    original, augmented = table("original"), table("augmented")
    assert cramers_v(original["disability"], original["employment"]) == pytest.approx(0.30, abs=0.005)
    for field in LEVELS:
        # n = 400: under independence the 95 % quantile of V of a 2 × 2 table is 1.96 / 20 = .098
        assert cramers_v(augmented[field], augmented["employment"]) < 0.03
        assert cramers_v(augmented[field], augmented["stratum"].str[-1]) < 0.06
        assert cramers_v(augmented[field], augmented["education"]) < 0.1
        assert cramers_v(augmented[field], augmented["married"]) < 0.1


def test_eight_blocks_are_every_combination_once():
    rows = [tuple(row) for block in range(8) for row in balanced_block(block)]
    assert len(set(rows)) == len(rows) == 4 * 2**4


def test_shares_of_strata_add_up_by_largest_remainder():
    # 400 of 1,001: 39.96, 40.36 and 319.68; the floors are 398, so the first and the last round up
    people = pd.Series(["a"] * 100 + ["b"] * 101 + ["c"] * 800)
    assert n_by_stratum(people) == {"a": 40, "b": 40, "c": 320}


def test_splits_of_the_committed_seed():
    prepare = read_yaml(Path("params.yaml"))["prepare"]

    def sizes(seed):
        ids = [person["source_id"] for person in PEOPLE["original"]]
        return Counter(split_of(source_id, seed=seed, shares=prepare["shares"]) for source_id in ids)

    exact = {"train": 240, "validation": 80, "test": 80}
    assert sizes(prepare["seed"]) == exact
    assert all(sizes(seed) != exact for seed in range(1, prepare["seed"]))


def test_summaries_are_short_true_and_tell_no_gender():
    for person in PEOPLE["original"]:
        text = person["summary"]
        assert text == summary({key: pd.NA if value is None else value for key, value in person.items()})
        assert not GENDERED.search(text)
        assert len(text.split()) <= 30
        known = {person[key] for key in ("age", "hours", "commute", "income")}
        assert {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d|\d", text)} <= known


def test_augmented_is_made_from_original_with_the_same_bytes():
    people = table("original")
    assert as_json(people) == (RAW / "original.json").read_text("utf-8")
    assert as_json(augment(people)) == (RAW / "augmented.json").read_text("utf-8")


def test_one_person_per_line():
    lines = (RAW / "original.json").read_text("utf-8").splitlines()
    assert [json.loads(line.rstrip(",")) for line in lines[1:-1]] == PEOPLE["original"]


def test_the_datasheet_shows_what_the_files_hold():
    sheet = (RAW / "DATASHEET.md").read_text("utf-8")
    measured = tables({condition: table(condition) for condition in PEOPLE}, LEVELS)
    rows = [line.split(" | ") for line in measured.splitlines() if "%" in line or "–" in line]
    assert len(rows) == 12 + 5 * 4
    for name, *values in rows:
        assert re.search(re.escape(name) + r" \| [\d.%]+ \| " + re.escape(" | ".join(values)), sheet), name


def test_prompts_of_three_kinds_share_their_beginning():
    training, asked = load_training_prompts(SCHEMA), load_asked_prompts(SCHEMA)
    assert sum(prompt.share for prompt in training) == pytest.approx(1)
    assert {prompt.template for prompt in asked} < {prompt.template for prompt in training}
    assert {prompt.id for prompt in asked} == {"free-profile", "not-in-labor-force", "employed"}
    lines = [asked_text(prompt, SCHEMA).splitlines() for prompt in asked]
    assert len({tuple(text[:-1]) for text in lines}) == 1
    assert len({text[-1] for text in lines}) == 3
