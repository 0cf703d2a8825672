"""The whole stage, in a project of 60 people."""

import json
import random
from pathlib import Path

import pytest

from stages.common.records import CONDITIONS, SPLITS, Example
from stages.common.schema import load_schema
from stages.prepare.__main__ import main
from tests.tiny import edit_yaml, make_workspace

RAW, PREPARED, METRICS = Path("data/raw"), Path("data/prepared"), Path("metrics/data.json")


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    folder = make_workspace(tmp_path / "project", Path("no-llama"))
    monkeypatch.chdir(folder)
    return folder


def people(condition="original"):
    return json.loads((RAW / f"{condition}.json").read_text("utf-8"))


def write(records, condition="original"):
    (RAW / f"{condition}.json").write_text(json.dumps(records), "utf-8")


def outputs():
    main()
    return {path: path.read_bytes() for path in [*PREPARED.rglob("*.jsonl"), METRICS]}


def rows(condition, split):
    lines = (PREPARED / condition / f"{split}.jsonl").read_text("utf-8").splitlines()
    return [Example.model_validate_json(line) for line in lines]


def by_person(condition="original"):
    main()
    return {row.source_id: (split, row) for split in SPLITS for row in rows(condition, split)}


def test_two_runs_give_the_same_bytes():
    assert outputs() == outputs()


def test_every_layout_of_the_file_gives_the_same_bytes():
    expected, records = outputs(), people()
    lines = "\n".join(json.dumps(person, ensure_ascii=False) for person in records)
    for text in (json.dumps(records, indent=2), lines, json.dumps({"about": "us", "people": records})):
        for mark in (b"", b"\xef\xbb\xbf"):
            (RAW / "original.json").write_bytes(mark + text.encode())
            assert outputs() == expected


def test_every_person_is_trained_on_once_with_all_that_the_file_says():
    identifier = load_schema().identifier
    found = by_person()
    for person in people():
        profile = {key: value for key, value in person.items() if key != identifier}
        assert json.loads(found[person[identifier]][1].completion) == profile
    assert len(found) == len(people()) == 60


def test_neither_prompt_nor_completion_shows_an_identifier():
    identifier = load_schema().identifier
    for condition in CONDITIONS:
        for source_id, (_, row) in by_person(condition).items():
            assert source_id not in row.prompt + row.completion
            assert identifier not in row.prompt + row.completion


def test_a_person_is_in_the_same_split_with_the_same_prompt_in_both_conditions():
    original, augmented = by_person("original"), by_person("augmented")
    assert original.keys() == augmented.keys()
    for source_id, (split, row) in original.items():
        assert (augmented[source_id][0], augmented[source_id][1].prompt) == (split, row.prompt)
    assert json.loads(METRICS.read_text())["n_people_shared_by_splits"] == 0


def test_without_ids_twins_of_both_files_still_belong_together():
    identifier = load_schema().identifier
    for condition in CONDITIONS:
        write([{k: v for k, v in p.items() if k != identifier} for p in people(condition)], condition)
    original, augmented = by_person("original"), by_person("augmented")
    assert original.keys() == augmented.keys()
    assert all(augmented[source_id][0] == split for source_id, (split, _) in original.items())
    assert json.loads(METRICS.read_text())["n_people_shared_by_splits"] == 0


def test_the_order_of_rows_moves_nobody():
    before, records = by_person(), people()
    random.Random(1).shuffle(records)
    write(records)
    assert by_person() == before


def test_a_further_person_moves_nobody():
    before = by_person()
    write([{**people()[0], "source_id": "acs12-9999"}, *people()])
    after = by_person()
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


def test_a_new_augmented_row_leaves_the_original_files_alone():
    before = outputs()
    write([*people("augmented"), {**people("augmented")[0], "source_id": "acs12-9999"}], "augmented")
    after = outputs()
    assert {path.parent.name for path in before if path != METRICS and before[path] != after[path]} == {
        "augmented"
    }


def test_a_sample_draws_the_same_people_in_both_conditions():
    edit_yaml(Path("params.yaml"), {"prepare": {"sample": {"n": 30, "strata": ["employment", "income"]}}})
    assert by_person("original").keys() == by_person("augmented").keys()
    metrics = json.loads(METRICS.read_text())
    for condition in CONDITIONS:
        assert (metrics[condition]["n_in"], metrics[condition]["n_sampled"]) == (60, 30)
        assert 0 < max(metrics[condition]["lost_by_sampling"]["total_variation"].values()) < 0.5
        assert sum(metrics[condition]["n"].values()) == 30


def test_duplicates_are_written_down_and_counted():
    before = by_person()
    write([*people(), people()[0]])
    assert by_person() == before
    (row,) = [json.loads(line) for line in (PREPARED / "rejected.jsonl").read_text("utf-8").splitlines()]
    assert (row["record"], row["reason"]) == (61, "duplicate of record 1")
    assert json.loads(METRICS.read_text())["original"]["n_duplicates"] == 1
