"""A section of params.yaml, and the words for what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from stages.common.params import Params, load_base_name, load_params, parse, read_yaml
from stages.shell.errors import UserError


class Inner(Params):
    rate: float = Field(ge=0)
    words: list[str]


class Section(Params):
    seed: int
    inner: Inner


SOUND: dict[str, Any] = {"seed": 1, "inner": {"rate": 0.5, "words": ["a"]}}


def said(value, model=Section):
    with pytest.raises(UserError) as error:
        parse(model, value, "params.yaml: part")
    return str(error.value)


@given(st.integers(), st.floats(0, 1e300), st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_section_that_fits_is_loaded(seed, rate, words):
    section = parse(Section, {"seed": seed, "inner": {"rate": rate, "words": words}}, "here")
    assert (section.seed, section.inner.rate, section.inner.words) == (seed, rate, words)


def test_whole_numbers_are_numbers_but_nothing_else_is_converted():
    assert parse(Inner, {"rate": 1, "words": []}, "here").rate == 1.0
    not_numbers: list[Any] = ["1", True, None, [1], {"a": 1}]
    for wrong in not_numbers:
        assert "rate: " in said({"rate": wrong, "words": []}, Inner)
    for wrong in ("1", True, 1.5, 1.0):
        assert "seed: " in said({**SOUND, "seed": wrong})


def test_sections_are_frozen():
    section = parse(Section, SOUND, "here")
    with pytest.raises(ValidationError, match="frozen"):
        setattr(section, "seed", 2)  # noqa: B010 (mypy knows that it is frozen)


def test_message_of_a_missing_key():
    assert said({"inner": SOUND["inner"]}) == (
        "params.yaml: part: 1 mistake\n  seed: required, missing\nCorrect params.yaml"
    )


def test_message_of_several():
    text = said({"sed": 1, "inner": {"rate": -1, "wrods": [], "words": "a"}})
    assert text.startswith("params.yaml: part: 5 mistakes\n")
    for line in (
        "seed: required, missing",
        "sed: unknown key; did you mean seed?",
        "inner.rate: -1: input should be greater than or equal to 0",
        "inner.wrods: unknown key; did you mean words?",
        "inner.words: 'a': input should be a valid array",
    ):
        assert f"  {line}" in text


def test_an_unknown_key_that_resembles_no_other_gets_no_suggestion():
    assert "  zzz: unknown key\n" in said({**SOUND, "zzz": 1})


@pytest.mark.parametrize("value", [None, 3, "text", [1]], ids=str)
def test_a_section_that_is_not_a_mapping(value):
    assert "params.yaml: part: 1 mistake\n  (section): " in said(value)


def write(tmp_path, text):
    path = tmp_path / "params.yaml"
    path.write_text(text, "utf-8")
    return path


def test_dotted_sections(tmp_path):
    path = write(tmp_path, "a: {b: {rate: 1.0e-3, words: [x]}}")
    assert load_params(Inner, section="a.b", path=path) == Inner(rate=0.001, words=["x"])


@pytest.mark.parametrize(
    ("text", "section", "message"),
    [
        (
            "tarin: {b: {}}",
            "train.b",
            "section train.b is missing ('train' not found; 'tarin' is there: a typo?)",
        ),
        ("a: {xyz: {}}", "a.b", "section a.b is missing ('b' not found)"),
        ("a: 3", "a.b", "section a.b is missing ('b' not found)"),
        ("", "a", "section a is missing ('a' not found)"),
    ],
)
def test_missing_sections(tmp_path, text, section, message):
    with pytest.raises(UserError) as error:
        load_params(Inner, section=section, path=write(tmp_path, text))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\n\tb: 2", r":2:1: not YAML"),
        (b"a: [1", r": not YAML"),
        (b"a: \x07", r": not YAML"),
        (b"a: \xe4", r": byte 3 is not UTF-8"),
        (b"a: &x 1\nb: *y", r":2:4: not YAML"),
        (b"a: !!python/object:os.system 1", r":1:4: not YAML"),
        (b"a: 2026-02-30", r": not YAML: day is out of range for month"),
        (b"[" * 5000, r": nested too deeply"),
    ],
)
def test_files_that_are_not_yaml(tmp_path, content, message):
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_yaml(path)


def test_no_file(tmp_path):
    with pytest.raises(UserError, match=r"not found \(run this from the project's folder\)"):
        read_yaml(tmp_path / "params.yaml")
    with pytest.raises(UserError, match="cannot be read"):
        read_yaml(tmp_path)


def test_base_is_a_word(tmp_path):
    assert load_base_name(write(tmp_path, "base: a-word")) == "a-word"
    with pytest.raises(UserError, match=r"base is 7; it must be the name of an entry of models/bases\.yaml"):
        load_base_name(write(tmp_path, "base: 7"))


def test_a_duplicate_key_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text("evaluate:\n  seed: 1\n  seed: 2\n")
    with pytest.raises(UserError, match=r"params.yaml:3:3: not YAML: found duplicate key \"seed\""):
        read_yaml(path)
