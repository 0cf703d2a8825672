"""What a field is: small made files whose right reading is known."""

import json
from pathlib import Path

import pytest
import yaml

from stages.common.records import CONDITIONS
from stages.shell.errors import UserError
from thesis.init.running import run_init

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def drafted(workspace, capsys):
    """What `thesis init --json` finds in a case."""

    def run(name, **how):
        paths = {c: CASES / name / f"{c}.json" for c in CONDITIONS}
        run_init(paths, force=False, dry_run=True, as_json=True)
        found = json.loads(capsys.readouterr().out)
        found["roles"] = {field["path"]: field["role"] for field in found["fields"]}
        found["holds"] = {field["path"]: field["holds"] for field in found["fields"]}
        found["said"] = "\n".join(found["look_at"])
        return found

    return run


def test_dates_in_any_order_are_no_levels(drafted):
    found = drafted("dates")
    assert [found["roles"][path] for path in ("start", "seen", "born")] == ["text"] * 3
    assert [found["holds"][path] for path in ("start", "seen", "born")] == ["string"] * 3
    assert "Dates: start, seen, born." in found["said"]


def test_decimal_commas_and_currencies_are_numbers_or_named(drafted):
    found = drafted("decimal_comma_currency")
    assert (found["roles"]["note"], found["roles"]["gehalt"], found["roles"]["pay"]) == (
        "number",
        "number",
        "text",
    )
    assert "thousands_separator '.' and units ['€']" in found["said"]
    assert "stay text: pay ($20,000). In params.yaml, prepare.numbers.thousands_separator" in found["said"]


def test_codes_are_no_measures(drafted):
    found = drafted("coded_answers")
    assert found["roles"] == {
        "id": "identifier",
        "sex": "protected",
        "survived": "attribute",
        "q1": "attribute",
    }
    assert found["holds"]["q1"] == "1 | 2 | 3 | 4 | 5"
    assert "taken for codes of answers: sex, survived, q1." in found["said"]


def test_no_contrast_is_better_than_one_of_first_names(drafted):
    said = drafted("nothing_protected")["said"]
    assert "no contrast of shares was declared" in said
    assert "Fixed beside the free one" not in said


def test_a_title_that_contradicts_the_re_assigned_gender_is_pointed_out(drafted):
    said = drafted("title_contradicts")["said"]
    assert "title matches gender for all in original, for none in augmented (Ms, Mr)" in said


def test_instruction_rows_hold_profiles(drafted):
    found = drafted("instruction_rows")
    assert [*found["roles"]] == ["id", "gender", "age", "city", "job"]
    assert "original.json: read as instruction rows" in found["said"]


def test_an_object_keyed_by_id_is_read(drafted):
    found = drafted("keyed_by_id")
    assert (found["roles"]["id"], found["people_in_both_files"]) == ("identifier", 12)
    assert "one object for each key, the key as id" in found["said"]


def test_a_comment_is_left_out(drafted):
    assert drafted("comment_in_json")["people_in_both_files"] == 12


def test_a_text_among_lists_is_named_by_record(drafted):
    with pytest.raises(UserError, match=r'a plain value in original\.json, record 8: "en"'):
        drafted("text_or_list")


@pytest.mark.parametrize("depth", [33, 60, 100])
def test_deep_nesting_is_refused_in_words(workspace, tmp_path, depth):
    inner = '{"x": ' * depth + "1" + "}" * depth
    paths = {}
    for condition, gender in zip(CONDITIONS, "fm", strict=True):
        paths[condition] = tmp_path / f"{condition}.json"
        paths[condition].write_text(f'[{{"id": "p1", "gender": "{gender}", "deep": {inner}}}]')
    with pytest.raises(UserError, match="record 1, deep: more than 32 levels"):
        run_init(paths, force=False, dry_run=True, as_json=True)


def write(folder, people):
    """Both files; `people` gives a record of each condition by number."""
    paths = {c: folder / f"{c}.json" for c in ("original", "augmented")}
    for condition, path in paths.items():
        path.write_text(json.dumps([people(i, condition) for i in range(90)]), "utf-8")
    return paths


def test_facts_in_lists_are_named_with_what_happens_to_them(workspace, tmp_path, capsys):
    def person(i, condition):
        home = [{"kind": "flat", "gender": "f" if i % 2 else "m", "stairs": i % 4}]
        return {
            "id": f"p{i}",
            "sex": "f" if (condition == "original") == (i % 3 == 0) else "m",
            "homes": home,
        }

    run_init(write(tmp_path, person), force=False, dry_run=True, as_json=True)
    said = "\n".join(json.loads(capsys.readouterr().out)["look_at"])
    assert "Facts in lists: homes[].kind, homes[].gender, homes[].stairs. The model writes" in said
    assert "bias is not measured: homes[].gender." in said


def test_a_shuffled_field_calls_for_an_association(workspace, tmp_path, capsys):
    """Gender goes with the job in original; augmented has the same genders, dealt out evenly over jobs."""

    def person(i, condition):
        nurse = i % 2 == 0
        gender = "f" if (nurse if condition == "original" else i < 45) else "m"
        return {"id": f"p{i}", "gender": gender, "job": "nurse" if nurse else "cook", "age": 20 + i}

    run_init(write(tmp_path, person), force=True, dry_run=False, as_json=True)
    said = "\n".join(json.loads(capsys.readouterr().out)["look_at"])
    assert "its association with job is declared (Cramér's V 1.00 in original, 0.0" in said
    declared = yaml.safe_load(Path("params.yaml").read_text("utf-8"))["evaluate"]["contrasts"]
    assert [(one["statistic"], one.get("primary", False)) for one in declared] == [
        ("valid", True),
        ("association", False),
    ]


def test_a_field_of_one_file_alone_makes_no_contrast(workspace, tmp_path, capsys):
    def person(i, condition):
        new = {"race": "a" if i % 2 else "b"} if condition == "augmented" else {"race": None}
        gender = "f" if condition == "original" or i % 2 else "m"
        return {"id": f"p{i}", "gender": gender, "age": 20 + i, "town": f"t{i % 5}", **new}

    run_init(write(tmp_path, person), force=True, dry_run=False, as_json=True)
    declared = yaml.safe_load(Path("params.yaml").read_text("utf-8"))["evaluate"]["contrasts"]
    assert [one.get("field") for one in declared] == ["gender", None]


def test_a_pronoun_in_a_text_that_contradicts_is_pointed_out(workspace, tmp_path, capsys):
    def person(i, condition):
        she = i % 2 == 0
        about = f"{'She' if she else 'He'} lives in house {i} and likes it."
        gender = "f" if (she if condition == "original" else i < 45) else "m"
        return {"id": f"p{i}", "gender": gender, "about": about, "age": 20 + i}

    run_init(write(tmp_path, person), force=False, dry_run=True, as_json=True)
    said = "\n".join(json.loads(capsys.readouterr().out)["look_at"])
    assert "about matches gender for all in original, for 46 of 90 in augmented (she, he)" in said


def test_no_contrast_from_mixtures_or_levels_spelled_twice(workspace, tmp_path, capsys):
    def person(i, condition):
        before = condition == "original"
        spelled = {"f": "female" if before else "Female ", "m": "male" if before else "MALE"}
        score = [1, "12", "three"][i % 3] if before else 2
        return {
            "id": f"p{i}",
            "sex": spelled["fm"[i % 2]],
            "score": score,
            "age": 20 + i,
            "town": "abc"[i % 3],
        }

    run_init(write(tmp_path, person), force=False, dry_run=True, as_json=True)
    said = "\n".join(json.loads(capsys.readouterr().out)["look_at"])
    assert (
        "Levels that differ only in capitals, spaces or punctuation: sex (female / Female, male / MALE)"
        in said
    )
    assert "no contrast of shares was declared" in said


def test_a_protected_title_that_stayed_contradicts_too(workspace, tmp_path, capsys):
    def person(i, condition):
        gender = "fm"[i % 2] if condition == "original" else "fm"[i // 2 % 2]
        return {"id": f"p{i}", "gender": gender, "anrede": ["Frau", "Herr"][i % 2], "age": 20 + i}

    run_init(write(tmp_path, person), force=False, dry_run=True, as_json=True)
    said = "\n".join(json.loads(capsys.readouterr().out)["look_at"])
    assert "anrede matches gender for all in original" in said
    assert "gender goes with anrede" not in said


def test_texts_that_may_mean_null_are_named(workspace, tmp_path, capsys):
    def person(i, condition):
        gender = "fm"[i % 2] if condition == "original" else "fm"[i // 2 % 2]
        return {"id": f"p{i}", "gender": gender, "hobby": ["chess", "None", "k.A."][i % 3], "age": 20 + i}

    run_init(write(tmp_path, person), force=False, dry_run=True, as_json=True)
    said = "\n".join(json.loads(capsys.readouterr().out)["look_at"])
    assert 'count as answers: hobby ("None", "k.A.")' in said
