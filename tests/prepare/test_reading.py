"""Every layout of a raw file gives the same records."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.prepare.reading import read_raw
from stages.shell.errors import UserError

RECORDS = [{"a": 1, "b": ["x"]}, {"a": None, "b": [], "c": "ä\u2028ö"}, {"a": {"b": 2}}]
LINES = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
LAYOUTS = {
    "array": json.dumps(RECORDS),
    "indented": json.dumps(RECORDS, indent=4, ensure_ascii=False),
    "one line": "".join(json.dumps(RECORDS).split("\n")),
    "object": json.dumps({"version": 3, "people": RECORDS, "about": {"by": "me"}}),
    "jsonl": "\n".join(LINES),
    "jsonl with newline": "\n".join(LINES) + "\n",
    "jsonl with empty lines": "\n\n" + "\n\n".join(LINES) + "\n\n",
    "jsonl of windows": "\r\n".join(LINES) + "\r\n",
}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_all_layouts_hold_the_same(tmp_path, text, mark):
    (tmp_path / "a.json").write_bytes(mark + text.encode())
    raw = read_raw(tmp_path / "a.json")
    assert [entry.value for entry in raw] == RECORDS
    assert [entry.position for entry in raw] == [1, 2, 3]


people = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers() | st.none())


@given(st.lists(people, min_size=2))
def test_array_and_lines_are_the_same(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("raw")
    (folder / "array.json").write_text(json.dumps(records), "utf-8")
    (folder / "lines.json").write_text("\n".join(map(json.dumps, records)), "utf-8")
    assert read_raw(folder / "array.json") == read_raw(folder / "lines.json")


def test_the_message_about_an_excel_file_says_what_is_needed(tmp_path):
    (tmp_path / "a.json").write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xd8")
    with pytest.raises(UserError, match=r"a\.json: a zip or an Excel file"):
        read_raw(tmp_path / "a.json")


def test_the_message_about_a_table_says_what_is_needed(tmp_path):
    (tmp_path / "a.json").write_text("name;age\nAnn;34\n")
    with pytest.raises(UserError, match=r"a\.json:1:1: not JSON(.|\n)*Export it as JSON"):
        read_raw(tmp_path / "a.json")


def test_a_mistake_in_a_line_is_reported_with_the_line(tmp_path):
    (tmp_path / "a.json").write_text('{"a": 1}\n\n{"a": 2}\n{"a" 3}\n')
    with pytest.raises(UserError, match=r"a\.json:4:6: not JSON"):
        read_raw(tmp_path / "a.json")
