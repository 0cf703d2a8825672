"""Raw files that cannot be read, or hold no profiles."""

import pytest

from tests.bad_input.inputs import AUGMENTED, ORIGINAL, PARAMS, PROMPTS, SCHEMA, message, refuses_with, write

RAW = {
    "malformed": ('[{"a": 1},\n {"a": x}]', ["data/raw/original.json:2:8: not JSON"]),
    "cut off": ('[{"a": 1},\n {"a"', ["data/raw/original.json:2:6: not JSON"]),
    "malformed line": ('{"a": 1}\n{"a": 2}\n{"a": }', ["data/raw/original.json:3:7: not JSON"]),
    "empty file": ("", ["data/raw/original.json: the file is empty"]),
    "white space": (" \n\t\n", ["data/raw/original.json: the file is empty"]),
    "empty array": ("[]", ["data/raw/original.json: holds no records"]),
    "number": ("42", ["the top level is", "must be an array of profiles"]),
    "null": ("null", ["the top level is", "must be an array of profiles"]),
    "two arrays": ('{"a": [1], "b": [2, 3]}', ["an object with 2 arrays (a, b)"]),
    "no array": ('{"a": 1, "b": "x"}', ["an object without an array (keys: a, b)"]),
    "key twice": (
        '[{"a": 1, "a": 2}]',
        ["data/raw/original.json", "record 1, a: the object has this key twice"],
    ),
    "NaN": ('[{"a": NaN}]', ["data/raw/original.json", "record 1, a: NaN is not JSON; write null"]),
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
    refuses_with(parts)


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


def test_mistakes_of_both_raw_files_are_reported_at_once():
    write(ORIGINAL, "[1,")
    write(AUGMENTED, "")
    said = message()
    assert "data/raw/original.json:1:4: not JSON" in said
    assert "data/raw/augmented.json: the file is empty" in said
