"""Params of all sections, schema, prompts, contrasts and data, with mistakes put into them."""

import json
from pathlib import Path

import pytest

from stages.common.prompts import AskedPrompt
from tests.tiny import edit_yaml, make_workspace
from thesis.doctor.examination import findings_of
from thesis.doctor.inputs import (
    SECTIONS,
    check_contrasts,
    check_data,
    check_given,
    check_params,
    check_texts,
    scarce,
)
from thesis.doctor.project import Project

PARAMS, PROMPTS = Path("params.yaml"), Path("data/prompts.yaml")
SCHEMA, ORIGINAL = Path("data/schema/profile.schema.json"), Path("data/raw/original.json")


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(make_workspace(tmp_path / "project", Path("no-llama"), n_people=40))


def found(check):
    return findings_of(check, Project(measure=False))


@pytest.mark.parametrize("check", [check_params, check_texts, check_contrasts, check_data])
def test_the_default_study_is_fine(check):
    assert {finding.word for finding in found(check)} == {"ok"}


def test_mistakes_of_all_sections_are_listed():
    edit_yaml(
        PARAMS, {"generate": {"draws": 0}, "train": {"common": {"steps": -1}, "original": {"seed": "x"}}}
    )
    wrong = found(check_params)
    assert [finding.word for finding in wrong] == ["problem"] * 3
    assert all(
        any(part in finding.found for finding in wrong) for part in ("draws: 0", "steps: -1", "seed: 'x'")
    )


def test_a_section_that_no_stage_reads():
    edit_yaml(PARAMS, {"genrate": {"draws": 1}})
    (only,) = found(check_params)
    assert (only.word, "genrate" in only.found) == ("warning", True)


def test_no_yaml_at_all():
    PARAMS.write_text("base: [", "utf-8")
    (only,) = found(check_params)
    assert (only.word, "not YAML" in only.found) == ("problem", True)


def test_a_prompt_that_the_data_cannot_answer_is_named():
    # 40 people, 24 of them in training: too few for any comparison
    free, rare, _ = found(check_given)
    assert free.found.startswith("prompt free-profile: 24 of 24 in original, 24 of 24 in augmented have")
    assert rare.word == "warning"
    asked = [
        AskedPrompt(id=name, given={"job": name}, template="{fields}")
        for name in ("often", "seldom", "never")
    ]
    people = [{"job": "often"}] * 6 + [{"job": "seldom"}] * 4
    warned = scarce(asked, {"original": people, "augmented": people[1:]}, 5)
    assert [(one.word, one.found.split(":")[0]) for one in warned] == [
        ("warning", "prompt seldom"),
        ("warning", "prompt never"),
    ]
    assert (
        "4 of 10 in original, 4 of 9 in augmented have what it fixes; a comparison needs 5" in warned[0].found
    )


def test_every_section_of_the_file_is_checked():
    assert len(SECTIONS) == 8


def test_a_wrong_prompt_and_a_wrong_schema():
    PROMPTS.write_text(PROMPTS.read_text("utf-8").replace("{fields}", "{shoes}"), "utf-8")
    assert [finding.word for finding in found(check_texts)] == ["problem", "problem"]
    SCHEMA.write_text("{}", "utf-8")
    (only,) = found(check_texts)
    assert "properties" in only.found
    assert found(check_data)[0].found.startswith("not checked: ")


def test_a_contrast_of_a_missing_prompt():
    content = PARAMS.read_text("utf-8")
    assert "prompt: free-profile" in content
    PARAMS.write_text(content.replace("prompt: free-profile", "prompt: shoes", 1), "utf-8")
    (only,) = found(check_contrasts)
    assert (only.word, "prompt shoes: not asked" in only.found) == ("problem", True)


def change_people(change):
    rows = json.loads(ORIGINAL.read_text("utf-8"))
    change(rows)
    ORIGINAL.write_text(json.dumps(rows), "utf-8")


def test_refused_records_are_counted_and_nothing_is_written():
    before = sorted(Path().rglob("*"))
    change_people(lambda rows: rows[3].update(shoes=43))
    (only,) = found(check_data)
    assert only.word == "problem"
    assert "1 of 40 records do not fit" in only.found
    edit_yaml(PARAMS, {"prepare": {"max_rejected_rate": 0.1}})
    first, second = found(check_data)
    assert (first.word, second.word) == ("warning", "ok")
    assert "39 people" in first.found
    assert "1 refused" in first.found
    assert "record 4" in first.found
    assert sorted(Path().rglob("*")) == before


def test_data_that_is_not_json():
    ORIGINAL.write_text("[1,", "utf-8")
    (only,) = found(check_data)
    assert (only.word, "not JSON" in only.found) == ("problem", True)
