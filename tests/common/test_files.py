"""A file appears whole or not at all; what is read is strict JSON."""

import hashlib
import json
import math
import stat

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.cells import write_table
from stages.common.files import (
    parse_json,
    read_json,
    read_records,
    read_text,
    sha256_of,
    write_json,
    write_metrics,
    write_records,
    write_text,
)
from stages.common.records import Example, Record
from stages.shell.errors import UserError

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)


@given(values)
def test_json_comes_back_as_it_was_written(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("json") / "a.json"
    write_json(path, value)
    assert read_json(path) == value


@given(st.lists(st.builds(Example, source_id=texts, prompt_id=texts, prompt=texts, completion=texts)))
def test_records_come_back_as_they_were_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("records") / "a.jsonl"
    write_records(path, rows)
    assert read_records(path, Example) == rows
    assert path.read_bytes().count(b"\n") == len(rows)


def test_separators_of_other_alphabets_end_no_line(tmp_path):
    row = Example(source_id="1", prompt_id="a", prompt="one\u2028two\x85three\x0bfour", completion="\r\n")
    write_records(tmp_path / "a.jsonl", [row, row])
    assert read_records(tmp_path / "a.jsonl", Example) == [row, row]


def test_a_wrong_row_is_named_with_line_and_field(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"source_id": "1", "prompt_id": "a", "prompt": "x", "completion": "y"}\n{"source_id": 3}\n'
    )
    with pytest.raises(UserError, match=r"a\.jsonl:2: source_id: .*\nMake the file again: dvc repro"):
        read_records(path, Example)


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_crash_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, moment):
    path = tmp_path / "a.json"
    write_text(path, "old")

    def crash(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(f"os.{moment}", crash)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert [*tmp_path.iterdir()] == [path]


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path):
    write_text(tmp_path / "a", "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "a", "half a character: \ud800")
    assert (tmp_path / "a").read_text() == "old"
    assert [*tmp_path.iterdir()] == [tmp_path / "a"]


def test_written_files_can_be_read_by_all_and_have_unix_lines(tmp_path):
    write_text(tmp_path / "new" / "folder" / "a", "one\ntwo ä\n")
    assert (tmp_path / "new/folder/a").read_bytes() == "one\ntwo ä\n".encode()
    assert stat.S_IMODE((tmp_path / "new/folder/a").stat().st_mode) == 0o644


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbf{}")
    assert read_text(tmp_path / "a") == "{}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"a\.json:1:2: not JSON"),
        ("[1,\n x]", r"a\.json:2:2: not JSON"),
        ("[NaN]", "NaN is not JSON"),
        ('{"a": {"b": 1, "c": 2, "b": 3}}', "has the key 'b' twice"),
        ("1e400", "1e400 is too large a number"),
        ("[" * 99_999, "nested too deeply"),
    ],
)
def test_what_is_not_strict_json_is_refused(tmp_path, text, message):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(UserError, match=message):
        read_json(tmp_path / "a.json")


def test_the_line_of_jsonl_counts(tmp_path):
    with pytest.raises(UserError, match=r"a\.jsonl:17:2: not JSON"):
        parse_json("{", tmp_path / "a.jsonl", 17)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, True, None, "1", [1.0], {"deep": [1]}], ids=str)
def test_metrics_that_dvc_would_lose_are_refused(tmp_path, wrong):
    with pytest.raises(TypeError, match=r"metrics\.json\.loss\.best.* a metric is a finite number"):
        write_metrics(tmp_path / "metrics.json", {"loss": {"best": wrong}})
    assert [*tmp_path.iterdir()] == []


def test_metrics_are_written_in_their_order(tmp_path):
    write_metrics(tmp_path / "m.json", {"b": 1, "a": {"z": 0.5, "y": 2}})
    assert list(json.loads((tmp_path / "m.json").read_text())) == ["b", "a"]
    assert read_json(tmp_path / "m.json") == {"b": 1, "a": {"z": 0.5, "y": 2}}


def test_nan_is_refused_everywhere(tmp_path):
    class Row(Record):
        value: float

    for write in (
        lambda: write_json(tmp_path / "a", math.nan),
        lambda: write_records(tmp_path / "a", [Row(value=math.nan)]),
    ):
        with pytest.raises(ValueError, match="JSON compliant"):
            write()
    assert [*tmp_path.iterdir()] == []


def test_tables_have_six_digits_and_no_index(tmp_path):
    write_table(tmp_path / "t.csv", pd.DataFrame({"n": [1], "share": [2 / 3], "name": ["a,b"]}))
    assert (tmp_path / "t.csv").read_text() == 'n,share,name\n1,0.666667,"a,b"\n'


def test_hash_of_a_file(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def make(folder, content):
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_hash_of_a_folder(tmp_path):
    first = make(tmp_path / "first", {"b": "1", "a/c": "2"})
    second = make(tmp_path / "second", {"a/c": "2", "b": "1"})
    rows = [[name, hashlib.sha256(text).hexdigest()] for name, text in (("a/c", b"2"), ("b", b"1"))]
    assert sha256_of(first) == sha256_of(second) == hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    make(second, {"__pycache__/x.pyc": "machine", "a/__pycache__/y.pyc": "machine"})
    make(second, {".DS_Store": "Finder", "a/.b.swp": "an editor", ".git/a": "git"})
    assert sha256_of(first) == sha256_of(second)


@pytest.mark.parametrize("change", [{"b": "2"}, {"d": ""}, {"a/b": "2"}])
def test_hash_of_a_folder_sees_every_change(tmp_path, change):
    folder = make(tmp_path / "folder", {"b": "1", "a/c": "2"})
    before = sha256_of(folder)
    assert sha256_of(make(folder, change)) != before
