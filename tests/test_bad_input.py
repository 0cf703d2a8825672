"""Mistakes of a person: each ends with a message that says where and what, without a traceback."""

import builtins
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stages.common.errors import UserError, run
from stages.common.params import load_params
from stages.common.prompts import load_asked_prompts
from stages.common.schema import load_schema
from stages.prepare.__main__ import main
from stages.train.params import TrainParams
from tests.tiny import edit_yaml, make_workspace

ORIGINAL, AUGMENTED = Path("data/raw/original.json"), Path("data/raw/augmented.json")
SCHEMA, PROMPTS, PARAMS = (
    Path("data/schema/profile.schema.json"),
    Path("data/prompts.yaml"),
    Path("params.yaml"),
)


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A project with 40 people; the test stands in it."""
    folder = make_workspace(tmp_path / "project", Path("no-llama"), n_people=40)
    monkeypatch.chdir(folder)
    return folder


def message():
    """What `python -m stages.prepare` prints when it refuses; a traceback would fail the test."""
    with pytest.raises(SystemExit) as ended:
        run(main)
    assert isinstance(ended.value.code, str), "ended with a number alone"
    return ended.value.code


def people(path=ORIGINAL):
    return json.loads(path.read_text("utf-8"))


def write(path, value):
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")


def edit_schema(change):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    change(schema)
    write(SCHEMA, schema)


RAW = {
    "malformed": ('[{"a": 1},\n {"a": x}]', ["data/raw/original.json:2:8: not JSON"]),
    "cut off": ('[{"a": 1},\n {"a"', ["data/raw/original.json:2:6: not JSON"]),
    "malformed line": ('{"a": 1}\n{"a": 2}\n{"a": }', ["data/raw/original.json:3:7: not JSON"]),
    "empty file": ("", ["data/raw/original.json: the file is empty"]),
    "white space": (" \n\t\n", ["data/raw/original.json: the file is empty"]),
    "empty array": ("[]", ["data/raw/original.json: holds no records"]),
    "number": ("42", ["the top level is", "must be an array of profiles"]),
    "null": ("null", ["the top level is", "must be an array of profiles"]),
    "two arrays": ('{"a": [1], "b": [2]}', ["an object with 2 arrays (a, b)"]),
    "no array": ('{"a": 1, "b": "x"}', ["an object with 0 arrays (keys: a, b)"]),
    "key twice": ('[{"a": 1, "a": 2}]', ["data/raw/original.json", "the key 'a' twice"]),
    "NaN": ('[{"a": NaN}]', ["data/raw/original.json", "NaN is not JSON; write null"]),
    "Infinity": ('[{"a": -Infinity}]', ["-Infinity is not JSON"]),
    "too large": ('[{"a": 1e999}]', ["data/raw/original.json", "1e999 is too large a number"]),
    "endless number": (f'[{{"a": {"1" * 5000}}}]', ["data/raw/original.json", "5000 digits"]),
    "half a character": ('[{"a": "\\ud800"}]', ["data/raw/original.json", "record 1", "half a character"]),
    "nested too deeply": ("[" * 100_000, ["data/raw/original.json", "nested too deeply"]),
    "number as record": ("[1]", ["1 of 1 records", "record 1, is a", "not an object"]),
}


@pytest.mark.parametrize(("content", "parts"), RAW.values(), ids=RAW)
def test_raw_file(content, parts):
    write(ORIGINAL, content)
    said = message()
    assert [part for part in parts if part not in said] == [], said


def test_raw_file_is_not_utf8():
    ORIGINAL.write_bytes('[{"a": "Köln"}]'.encode("latin-1"))
    assert "data/raw/original.json: byte 9 is not UTF-8; save the file as UTF-8" in message()


def test_raw_file_is_utf16():
    ORIGINAL.write_bytes('[{"a": 1}]'.encode("utf-16"))
    assert "data/raw/original.json: byte 0 is not UTF-8" in message()


@pytest.mark.parametrize("path", [ORIGINAL, SCHEMA, PROMPTS, PARAMS], ids=str)
def test_missing_file(path):
    path.unlink()
    assert f"{path}: not found" in message()


@pytest.mark.parametrize("path", [ORIGINAL, SCHEMA, PROMPTS, PARAMS], ids=str)
def test_folder_instead_of_a_file(path):
    path.unlink()
    path.mkdir()
    assert f"{path}: cannot be read" in message()


def test_mistakes_of_both_raw_files_are_told_at_once():
    write(ORIGINAL, "[1,")
    write(AUGMENTED, "")
    said = message()
    assert "data/raw/original.json:1:4: not JSON" in said
    assert "data/raw/augmented.json: the file is empty" in said


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


def test_one_rejected_record_above_the_rate_stops():
    first, second, *others = people()
    write(ORIGINAL, [{**first, "age": "forty"}, {**second, "age": -1}, *others])
    edit_yaml(PARAMS, {"prepare": {"max_rejected_rate": 1 / 40}})
    assert "2 of 40 records do not fit" in message()


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


def drop_role(schema):
    del schema["properties"]["age"]["x-role"]


SCHEMAS = {
    "not a type": (lambda s: s["properties"]["age"].update(type="whole"), ["not a JSON Schema", "age/type"]),
    "not a pattern": (
        lambda s: s["properties"]["summary"].update(pattern="("),
        ["not a JSON Schema", "pattern"],
    ),
    "no role": (drop_role, ["age: x-role is None; it must be one of protected"]),
    "no such role": (lambda s: s["properties"]["age"].update({"x-role": "secret"}), ["x-role is 'secret'"]),
    "no properties": (lambda s: s.pop("properties"), ['needs "properties"']),
    "field is true": (lambda s: s["properties"].update(age=True), ["age: is True"]),
    "two ids": (
        lambda s: s["properties"]["age"].update({"x-role": "identifier"}),
        ["source_id, age: only one"],
    ),
    "dotted": (lambda s: s["properties"].update({"a.b": {"x-role": "text"}}), ["'a.b'", "dot"]),
    "rule without then": (lambda s: s["x-rules"][1].pop("then"), ["rule 2: has no 'then'"]),
    "rule without id": (lambda s: s["x-rules"][0].pop("id"), ["rule 1: has no 'id'"]),
    "rule not a schema": (
        lambda s: s["x-rules"][0].update({"if": {"type": 3}}),
        ["not a JSON Schema", "type"],
    ),
    "rule is a text": (lambda s: s["x-rules"].append("age"), ["x-rules must be a list of objects"]),
    "rules are an object": (lambda s: s.update({"x-rules": {"a": 1}}), ["x-rules must be a list"]),
}


@pytest.mark.parametrize(("change", "parts"), SCHEMAS.values(), ids=SCHEMAS)
def test_schema(change, parts):
    edit_schema(change)
    said = message()
    assert "data/schema/profile.schema.json" in said
    assert [part for part in parts if part not in said] == [], said


def test_schema_is_not_json():
    write(SCHEMA, '{"type": object}')
    assert "data/schema/profile.schema.json:1:10: not JSON" in message()


def training(template):
    return {"training": [{"id": "mine", "share": 1.0, "template": template}]}


PROMPT_MISTAKES = {
    "unknown slot": (training("{fields} of age {aeg}"), ["mine: unknown slot {aeg}"]),
    "slot of the identifier": (training("{source_id}"), ["mine: unknown slot {source_id}"]),
    "empty slot": (training("{}"), ["mine: unknown slot {}"]),
    "unbalanced brace": (training("{fields} {"), ["a literal brace is written twice"]),
    "no prompts": ({"training": []}, ["training: []", "at least 1"]),
    "null": ({"training": None}, ["the list 'training' is missing"]),
    "share 0": (
        {"training": [{"id": "a", "share": 0, "template": "x"}]},
        ["training.0.share: 0: input should be greater than 0"],
    ),
    "no template": ({"training": [{"id": "a", "share": 1.0}]}, ["training.0.template: required, missing"]),
    "id twice": (
        {"training": [{"id": "a", "share": 1.0, "template": "x"}] * 2},
        ["a: two prompts have this id"],
    ),
}


@pytest.mark.parametrize(("change", "parts"), PROMPT_MISTAKES.values(), ids=PROMPT_MISTAKES)
def test_training_prompts(change, parts):
    edit_yaml(PROMPTS, change)
    said = message()
    assert [part for part in parts if part not in said] == [], said


def test_no_prompt_that_every_record_can_fill():
    edit_yaml(PROMPTS, training("{hours} hours a week"))
    assert "no training prompt of data/prompts.yaml fits" in message()


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"employment": "lazy"}, "mine: given employment: 'lazy' is not one of"),
        ({"age": "34"}, "mine: given age: '34' is not of type 'integer'"),
        ({"shoe": 44}, "mine: given shoe: the schema has no such field"),
        ({"source_id": "acs12-0002"}, "mine: given source_id: the schema has no such field"),
    ],
)
def test_asked_prompt_with_a_wrong_given(given, part):
    edit_yaml(PROMPTS, {"asked": [{"id": "mine", "given": given, "template": "{fields}"}]})
    with pytest.raises(UserError) as error:
        load_asked_prompts(load_schema())
    assert part in str(error.value)


def test_asked_prompt_with_a_slot_that_is_not_given():
    edit_yaml(PROMPTS, {"asked": [{"id": "mine", "given": {}, "template": "{age}"}]})
    with pytest.raises(UserError, match=r"mine: unknown slot \{age\}"):
        load_asked_prompts(load_schema())


def rename(old, new):
    return lambda: PARAMS.write_text(PARAMS.read_text("utf-8").replace(old, new), "utf-8")


PREPARE_PARAMS = {
    "misspelt": (
        rename("max_twins", "max_twinz"),
        ["max_twins: required, missing", "did you mean max_twins?"],
    ),
    "misspelt inside": (rename("become", "becomes"), ["nulls.becomes: unknown key; did you mean become?"]),
    "misspelt section": (
        rename("prepare:", "prepair:"),
        ["section prepare is missing", "'prepair' stands there"],
    ),
    "text for a number": (rename("seed: 86", "seed: eighty"), ["seed: 'eighty'", "valid integer"]),
    "number as text": (rename("seed: 86", "seed: '86'"), ["seed: '86'", "valid integer"]),
    "scientific": (rename("rate: 0.0", "rate: 2e-4"), ["'2e-4'", "YAML reads 2e-4 as text: write 2.0e-4"]),
    "no such choice": (rename("become: explicit", "become: gone"), ["nulls.become: 'gone'", "explicit"]),
    "shares not 1": (rename("train: 0.6", "train: 0.7"), ["together 1.1, not 1"]),
    "share 0": (rename("test: 0.2", "test: 0"), ["shares.test: 0", "greater than 0"]),
    "rate 1": (rename("rate: 0.0", "rate: 1.0"), ["max_rejected_rate: 1.0", "less than 1"]),
    "nan": (rename("rate: 0.0", "rate: .nan"), ["params.yaml: prepare"]),
    "n 0": (rename("n: null", "n: 0"), ["sample.n: 0", "greater than 0"]),
    "tab": (rename("prepare:\n  seed", "prepare:\n\tseed"), ["params.yaml:3:1: not YAML"]),
    "unclosed": (rename("seed: 86", "seed: [86"), ["params.yaml:", "not YAML"]),
    "control character": (rename("seed: 86", "seed: \x07"), ["params.yaml: not YAML"]),
    "empty": (lambda: write(PARAMS, ""), ["params.yaml: section prepare is missing"]),
    "list": (lambda: write(PARAMS, "- prepare"), ["params.yaml: section prepare is missing"]),
    "empty section": (lambda: write(PARAMS, "prepare:"), ["params.yaml: prepare"]),
    "too many people": (rename("n: null", "n: 41"), ["prepare.sample.n is 41, but there are 40 people"]),
    "protected stratum": (
        rename("strata: []", "strata: [gender]"),
        ["prepare.sample.strata: gender", "twins"],
    ),
    "unknown stratum": (
        rename("strata: []", "strata: [shoe]"),
        ["prepare.sample.strata: shoe", "There are: age"],
    ),
    "empty split": (rename("n: null", "n: 1"), ["data/raw/original.json", "1 records falls into"]),
}


@pytest.mark.parametrize(("change", "parts"), PREPARE_PARAMS.values(), ids=PREPARE_PARAMS)
def test_params(change, parts):
    before = PARAMS.read_text("utf-8")
    change()
    assert PARAMS.read_text("utf-8") != before
    said = message()
    assert [part for part in parts if part not in said] == [], said


def test_params_are_not_utf8():
    PARAMS.write_bytes("base: Köln".encode("latin-1"))
    assert "params.yaml: not UTF-8 at byte" in message()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"batch_size": 0}, "batch_size: 0: input should be greater than 0"),
        (
            {"batch_size": 8, "records_per_pack": 3},
            "batch_size (8) is not a multiple of records_per_pack (3)",
        ),
        ({"learning_rate": "2e-4"}, "learning_rate: '2e-4': input should be a valid number (YAML reads 2e-4"),
        ({"steps": True}, "steps: True"),
        ({"step": 3}, "step: unknown key; did you mean steps?"),
        ({"lora": {"rnak": 3}}, "lora.rnak: unknown key; did you mean rank?"),
    ],
)
def test_training_params(change, part):
    edit_yaml(PARAMS, {"train": {"common": change}})
    with pytest.raises(UserError) as error:
        load_params(TrainParams, section="train.common")
    assert f"{PARAMS}: train.common: 1 mistake" in str(error.value)
    assert part in str(error.value)


def test_all_mistakes_of_a_section_are_told_at_once():
    edit_yaml(PARAMS, {"train": {"common": {"batch_size": 0, "steps": -1, "typo": 1}}})
    with pytest.raises(UserError, match="3 mistakes"):
        load_params(TrainParams, section="train.common")


def test_full_disk_leaves_the_previous_output(monkeypatch):
    run(main)
    before = Path("metrics/data.json").read_bytes()
    write(ORIGINAL, people()[1:])

    def fsync(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", fsync)
    assert "The disk is full" in message()
    assert Path("metrics/data.json").read_bytes() == before
    assert [path for path in Path().rglob("*") if path.name.endswith(".part")] == []


def test_ctrl_c_ends_with_130(monkeypatch, capsys):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("stages.prepare.__main__.read_raw", interrupted)
    with pytest.raises(SystemExit) as ended:
        run(main)
    assert ended.value.code == 130
    assert "Stopped" in capsys.readouterr().err
    assert not Path(".work/runs/prepare.json").exists()


def test_a_bug_of_ours_is_not_hidden(monkeypatch):
    def broken(*args):
        raise builtins.ValueError("a bug")

    monkeypatch.setattr("stages.prepare.__main__.read_raw", broken)
    with pytest.raises(ValueError, match="a bug"):
        run(main)


def test_as_a_command():
    write(ORIGINAL, "[1,")
    command = [sys.executable, "-m", "stages.prepare"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "data/raw/original.json:1:4: not JSON" in done.stderr
    assert "Traceback" not in done.stderr
