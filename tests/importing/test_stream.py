"""Reading in pieces: places of mistakes, encodings, limits; never a word of the export in a message."""

import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.common.errors import UserError
from thesis.importing import stream
from thesis.importing.json_stream import json_items
from thesis.importing.stream import Metered

SECRET = "canary"


def read(content: bytes):
    return list(json_items(lambda: Metered(io.BytesIO(content), "conversations.json", lambda _: None)))


def refused(content: bytes) -> str:
    with pytest.raises(UserError) as error:
        read(content)
    assert SECRET not in str(error.value)
    return str(error.value)


def test_lists_and_objects():
    assert read(b'[{"a": 1}, {"a": 2}]') == [{"a": 1}, {"a": 2}]
    assert read(b'\xef\xbb\xbf [{"a": 1}]') == [{"a": 1}]
    assert read(b'{"conversations": [{"a": 1}]}') == [{"a": 1}]
    assert read(b'{"uuid": "one"}') == [{"uuid": "one"}]
    assert read(b"[]") == []


def test_every_byte_is_counted_once():
    seen: list[int] = []
    content = json.dumps(["x" * 1000] * 300).encode()
    list(json_items(lambda: Metered(io.BytesIO(content), "f", seen.append)))
    assert sum(seen) == len(content)


@settings(max_examples=25)
@given(st.integers(0, 3000), st.integers(0, 30))
def test_a_mistake_has_its_place(n_lines, n_columns):
    lines = [f'"{SECRET} ä{i}",' for i in range(n_lines)]
    content = "\n".join(["[", *lines, " " * n_columns + "oops]"]).encode()
    message = refused(content)
    assert message.startswith(f"conversations.json:{n_lines + 2}:{n_columns + 1}: not JSON")


@settings(max_examples=25)
@given(st.integers(1, 200_000))
def test_a_file_that_was_cut_says_so(n_bytes):
    content = json.dumps([{"text": SECRET * 20}] * 2000).encode()[:n_bytes]
    assert "ends before it is complete" in refused(content)


def test_an_empty_file_is_no_json():
    assert "ends before it is complete" in refused(b"")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_named(encoding):
    assert "UTF-16" in refused(json.dumps([SECRET]).encode(encoding))


def test_latin_1_is_not_utf_8():
    assert re.match(r"conversations.json:2:\d+: not UTF-8", refused('[\n"canary é"]'.encode("latin-1")))


def test_text_that_is_not_utf_8_has_its_byte():
    file = Metered(io.BytesIO(b"<p>caf\xe9</p>"), "MyActivity.html", lambda _: None)
    with pytest.raises(UserError, match=r"MyActivity.html: byte 6 is not UTF-8"):
        list(file.texts())


def test_a_conversation_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(stream, "MAX_ITEM_BYTES", 200_000)
    small = [{"text": "x" * 1000}] * 1000
    assert read(json.dumps(small).encode()) == small  # a large file of small conversations
    assert "larger than" in refused(json.dumps([{"text": SECRET * 100_000}]).encode())


def test_numbers_of_any_size_are_read():
    [item] = read(b'[{"seed": 123456789012345678901234567890, "t": 1e400}]')
    assert item["seed"] == 123456789012345678901234567890


def test_deep_nesting_is_refused():
    assert read(b"[" * 500 + b"]" * 500)
    assert "nested deeper" in refused(b"[" * 100_000 + b"]" * 100_000)
    assert "nested deeper" in refused(b'[{"a":' * 100_000)


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_values_are_those_of_json(value):
    assert read(json.dumps([value, {"a": value}]).encode()) == [value, {"a": value}]
