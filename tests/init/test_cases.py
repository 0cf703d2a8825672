"""Small files that were once read wrongly, from `thesis init` to what `prepare` makes of them."""

import json
from collections import Counter
from pathlib import Path

import pytest

from stages.common.records import CONDITIONS, SPLITS
from stages.prepare.__main__ import prepare
from tests.tiny import edit_yaml
from thesis.init.running import run_init

CASES = Path(__file__).with_name("cases")


@pytest.fixture(autouse=True)
def project(workspace):
    """Six people in the smallest split are few, but enough here."""
    edit_yaml(Path("params.yaml"), {"evaluate": {"min_reference": 2}})


def init(name, capsys, *said):
    """What is found in a case, when it has been written."""
    capsys.readouterr()
    paths = {condition: CASES / name / f"{condition}.json" for condition in CONDITIONS}
    run_init(paths, said or (None, None, ()), force=True, dry_run=False, as_json=True)
    return json.loads(capsys.readouterr().out)


def rows(condition):
    for split in SPLITS:
        for line in Path(f"data/prepared/{condition}/{split}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            yield split, row["source_id"], json.loads(row["completion"])


def prepared(name, capsys, *said):
    """What is found, and the profiles of each person in each file, by split."""
    found = init(name, capsys, *said)
    prepare()
    metrics = json.loads(Path("metrics/data.json").read_text("utf-8"))
    assert metrics["n_people_shared_by_splits"] == 0
    return found, {c: list(rows(c)) for c in CONDITIONS}


def advice(found):
    return " ".join(found["look_at"])


@pytest.mark.parametrize(
    ("name", "n", "answer", "share"),
    [("01_no_id_equal_rows", 200, "answer", 0.1), ("02_few_fields_no_id", 100, "answer", None)],
)
def test_people_without_an_id_are_all_kept(name, n, answer, share, capsys):
    _, of = prepared(name, capsys)
    given = {c: json.loads((CASES / name / f"{c}.json").read_text("utf-8")) for c in CONDITIONS}
    for condition in CONDITIONS:
        answers = Counter(profile[answer] for _, _, profile in of[condition])
        assert answers == Counter(one[answer] for one in given[condition])
        assert answers.total() == n
        assert share in (None, answers["no"] / n)
    splits = [{person: split for split, person, _ in of[condition]} for condition in CONDITIONS]
    assert splits[0] == splits[1]
    assert len(splits[0]) == n


def test_a_running_id_of_its_own_ties_nobody(capsys):
    found, of = prepared("03_own_running_id", capsys)
    assert (found["identifier"]["field_of_original"], found["identifier"]["field_of_augmented"]) == (
        "id",
        "source_id",
    )
    before = {person: profile for _, person, profile in of["original"]}
    for _, person, profile in of["augmented"]:
        assert {**profile, "gender": ""} == {**before[person], "gender": ""}
    assert "source_id of augmented holds the id of original" in advice(found)
    assert "Records of one person agree in 88 % of their other fields" in advice(found)
    assert "original record 2 and augmented record 1, differ in gender (male, female)" in advice(found)


def test_one_duplicate_row_is_told_and_left_out(capsys):
    found, of = prepared("04_one_duplicate_row", capsys)
    assert found["identifier"]["path"] == "id"
    assert len(of["original"]) == 12
    assert "id" not in of["original"][0][2]
    assert "prepare will leave out 1 of 13 records: record 13 (p-005, duplicate of record 5)" in advice(found)


def test_waves_of_a_person_stay_together(capsys):
    found, of = prepared("06_two_waves", capsys)
    assert found["identifier"]["path"] == "id"
    assert len({person for _, person, _ in of["original"]}) == 12
    assert len({(split, person) for c in CONDITIONS for split, person, _ in of[c]}) == 12
    assert "up to 2 original records share one" in advice(found)


def test_chinese_sentences_stay_in_the_profile(capsys):
    found, of = prepared("07_chinese_text", capsys)
    assert all("简介" in profile for _, _, profile in of["original"])
    assert {field["path"]: field["role"] for field in found["fields"]}["性别"] == "protected"


def test_what_tells_who_a_person_is_is_in_no_completion(capsys):
    found, of = prepared("09_other_identifiers", capsys)
    assert [*found["left_out"]] == ["name", "email", "ssn", "phone"]
    assert [*of["original"][0][2]] == ["gender", "age", "city", "job"]
    assert "name (name), email (address of mail)" in advice(found)
    assert "`ssn` (number of a document or record)" in Path("data/raw/DATASHEET.md").read_text("utf-8")
    kept, _ = prepared("09_other_identifiers", capsys, None, None, ("phone",))
    assert [*kept["left_out"]] == ["name", "email", "ssn"]


def test_missing_in_one_file_and_null_in_the_other_is_no_change(capsys):
    found, _ = prepared("10_missing_becomes_null", capsys)
    assert [field["path"] for field in found["fields"] if field["role"] == "protected"] == ["gender"]
