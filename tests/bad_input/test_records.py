"""Records that do not fit the schema, and people that cannot be told apart."""

import json
from pathlib import Path

import pytest

from stages.prepare.__main__ import main
from stages.shell.errors import run
from tests.bad_input.inputs import ORIGINAL, PARAMS, message, people, write
from tests.tiny import edit_yaml


def test_records_that_do_not_fit_are_listed_with_field_and_reason():
    first, second, third, *others = people()
    del third["employment"]
    write(ORIGINAL, [{**first, "age": "forty"}, {**second, "income": -5, "shoe": 44}, third, *others])
    said = message()
    assert "data/raw/original.json: 3 of 40 records do not fit data/schema/profile.schema.json" in said
    assert "record 1, age: 'forty' is not of type 'integer'" in said
    assert "record 2, income: -5 is less than the minimum of 0" in said
    assert "'shoe' was unexpected" in said
    assert "record 3, profile: 'employment' is a required property" in said
    assert "raise prepare.max_rejected_rate (now 0.0); the records are in .work/rejected.jsonl" in said
    rows = [json.loads(line) for line in Path(".work/rejected.jsonl").read_text("utf-8").splitlines()]
    assert [row["record"] for row in rows] == [1, 2, 3]
    assert not Path("data/prepared").exists()


def test_rejected_records_pass_up_to_the_rate_and_are_written_down():
    first, *others = people()
    write(ORIGINAL, [{**first, "age": "forty"}, *others])
    edit_yaml(PARAMS, {"prepare": {"max_rejected_rate": 1 / 40}})
    run(main)
    (row,) = [
        json.loads(line) for line in Path("data/prepared/rejected.jsonl").read_text("utf-8").splitlines()
    ]
    assert (row["file"], row["record"]) == ("data/raw/original.json", 1)
    assert row["reason"] == "age: 'forty' is not of type 'integer'"
    assert row["found"] == {**first, "age": "forty"}
    metrics = json.loads(Path("metrics/data.json").read_text("utf-8"))["original"]
    assert (metrics["n_in"], metrics["n_refused"], metrics["n_sampled"]) == (40, 1, 39)


def test_two_people_with_one_source_id():
    first, second, *others = people()
    write(ORIGINAL, [first, {**second, "source_id": first["source_id"]}, *others])
    said = message()
    assert f"{first['source_id']}: records 1, 2" in said
    assert "prepare.max_twins.original (now 1)" in said


@pytest.mark.parametrize("wrong", ["", [1], {"a": 1}, True, 1.5], ids=str)
def test_source_id_that_cannot_be_one(wrong):
    first, *others = people()
    edit_yaml(PARAMS, {"prepare": {"nulls": {"spellings": []}}})
    write(ORIGINAL, [{**first, "source_id": wrong}, *others])
    assert "record 1, source_id: must be a text or a whole number, not empty" in message()
