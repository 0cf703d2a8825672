"""Reading in pieces: places of mistakes, encodings, limits; no word of the export in a message."""

import io
import json
import re
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.shell.errors import UserError
from thesis.importing import stream
from thesis.importing.json_stream import TooLarge, json_items
from thesis.importing.pieces import Halves, LongTexts
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


def test_a_conversation_that_is_too_large_is_left_out_and_the_others_are_read(monkeypatch):
    monkeypatch.setattr(stream, "MAX_ITEM_BYTES", 200_000)
    small = [{"text": "x" * 1000}] * 1000
    assert read(json.dumps(small).encode()) == small  # a large file of small conversations
    for text in (SECRET * 100_000, '\\"é\U0001f602\n' * 50_000, "日本" * 200_000):
        for ascii_only in (True, False):
            for large in ({"text": text}, {"messages": [{"text": "y" * 10_000}] * 100}, [1] * 300_000):
                content = json.dumps([small[0], large, *small[:2]], ensure_ascii=ascii_only)
                assert read(content.encode()) == [small[0], TooLarge(2), *small[:2]]


def test_what_stands_before_the_conversations_does_not_make_the_first_one_large(monkeypatch):
    monkeypatch.setattr(stream, "MAX_ITEM_BYTES", 200_000)
    value = {"projects": ["x" * 1000] * 1000, "conversations": [{"a": 1}, {"b": "y" * 900_000}], "c": [1]}
    assert read(json.dumps(value).encode()) == [{"a": 1}, TooLarge(2)]
    assert read(json.dumps({"chat_messages": ["x" * 1000] * 1000}).encode()) == [TooLarge(1)]


def test_a_long_text_is_not_held_in_memory():
    tracemalloc.start()
    text = io.BytesIO(b'["' + b"x\\n" * (20 * 2**20) + b'", 1]')
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    texts = LongTexts(2**20)
    kept = sum(len(texts.cut(piece)) for piece in iter(lambda: text.read(2**16), b""))
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert kept < 2**20 + 2**18
    assert peak < 2**20


@settings(max_examples=50)
@given(
    st.lists(st.text(max_size=30) | st.dictionaries(st.text(max_size=5), st.text(max_size=300))),
    st.booleans(),
    st.integers(1, 50),
)
def test_cutting_long_texts_changes_no_structure(value, ascii_only, step):
    content = json.dumps(value, ensure_ascii=ascii_only).encode()
    texts = LongTexts(100)
    pieces = [content[i : i + step] for i in range(0, len(content), step)]
    cut = b"".join(texts.cut(piece) for piece in [*pieces, b""])

    def shape(one):
        return [shape(part) for part in one] if isinstance(one, list) else isinstance(one, dict) and len(one)

    assert shape(json.loads(cut)) == shape(value)


@settings(max_examples=50)
@given(st.text(), st.integers(1, 10))
def test_characters_in_two_halves_are_joined_wherever_the_pieces_end(text, step):
    halves = "".join(
        chr(0xD800 + (ord(c) - 0x10000 >> 10)) + chr(0xDC00 + (ord(c) & 0x3FF)) if ord(c) > 0xFFFF else c
        for c in text
    ).encode("utf-8", "surrogatepass")
    joined = Halves()
    pieces = [halves[i : i + step] for i in range(0, len(halves), step)]
    assert b"".join(joined.joined(piece) for piece in [*pieces, b""]).decode() == text


@settings(max_examples=200)
@given(st.binary(min_size=1, max_size=4), st.integers(0, 200))
def test_no_byte_anywhere_is_a_traceback(junk, place):
    content = json.dumps([{"text": "a é 😂 \\ud83d"}] * 3, ensure_ascii=False).encode()
    place = min(place, len(content))
    with suppress(UserError):
        read(content[:place] + junk + content[place:])


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
