"""Levels: null, missing and outside the schema are three different ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.fields import MISSING, Field, canonical
from stages.common.levels import MISSING_LEVEL, NULL, OTHER, Levels, label, levels_of
from stages.common.records import Profile
from tests.evaluate.fakes import cat, schema, training

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["null", "true", "1", "1.0", '"1"', "[]", NULL, MISSING_LEVEL, OTHER]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
)


def levels(path: str, reference: list[Profile]) -> Levels:
    field = schema().field(path)
    assert field is not None
    return levels_of(field, reference)


@pytest.mark.parametrize(
    ("path", "profile", "level"),
    [
        ("coat", cat(), "black"),
        ("coat", cat(coat=None), "(other)"),  # null is not allowed here
        ("coat", {}, "(missing)"),
        ("tame", cat(), "true"),
        ("tame", cat(tame=1), "(other)"),  # 1 is not true
        ("tame", cat(tame="true"), "(other)"),
        ("tame", cat(tame=None), "(null)"),
        ("home.kind", cat(), "outdoor"),
        ("home.kind", cat(home="outdoor"), "(missing)"),
        ("home.kind", cat(home={"kind": ["ship"]}), "(other)"),
        ("breed", cat(), "mix"),  # no enum: the reference's values are the levels
        ("breed", cat(breed="unheard of"), "(other)"),
    ],
)
def test_level(path: str, profile: Profile, level: str) -> None:
    assert levels(path, training()).of(profile) == level


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (-0.0, "0"),
        (1e300, "1e+300"),
        ("not in labor force", "not in labor force"),
        ("18-24", "18-24"),
        ("", ""),
        (None, "(null)"),
        ("null", '"null"'),
        ("(null)", '"(null)"'),
        (MISSING, "(missing)"),
        ("(missing)", '"(missing)"'),
        (True, "true"),
        ("true", '"true"'),
        (["ä"], '["ä"]'),
        ("[" * 100_000, "[" * 100_000),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_label(value: Any, name: str) -> None:
    assert label(value) == name


def same(value: Any) -> str:
    """Treat 1.0 as 1, but not within a list."""
    return canonical(int(value) if isinstance(value, float) and value.is_integer() else value)


@given(values, values)
def test_no_two_values_share_a_label_and_none_has_a_reserved_one(value: Any, other: Any) -> None:
    assert (label(value) == label(other)) == (same(value) == same(other))
    assert label(value) not in (MISSING_LEVEL, OTHER)
    assert (label(value) == NULL) == (value is None)


def test_null_and_the_text_null_are_two_levels_of_one_field() -> None:
    field = Field("size", "protected", ("string", "null"), (), True, {})
    profiles: list[Profile] = [{"size": None}, {"size": "null"}, {"size": "null"}, {}]
    found = levels_of(field, profiles)
    assert found.names == ['"null"', "(null)", "(missing)", "(other)"]
    assert found.shares(profiles).tolist() == [0.5, 0.25, 0.25, 0]


@pytest.mark.parametrize("enum", [(1, 2), (1.0, 2.0)])
def test_a_whole_number_is_one_level_however_it_is_written(enum: tuple[Any, ...]) -> None:
    found = levels_of(Field("size", "attribute", (), enum, True, {}), [])
    profiles: list[Profile] = [{"size": size} for size in (1, 1.0, 2.0, 1.5, True, "1")]
    assert [found.of(profile) for profile in profiles] == ["1", "1", "2", "(other)", "(other)", "(other)"]


def test_levels_with_the_same_words_get_different_labels() -> None:
    field = Field("size", "attribute", (), (1, "1", "(other)"), True, {})
    assert levels_of(field, []).names == ["1", '"1"', '"(other)"', "(missing)", "(other)"]


@given(st.lists(st.sampled_from(["black", "white", None, True, 1, 1.0, "1", ["a"], {"b": 2}]), min_size=1))
def test_shares_sum_to_one(values: list[Any]) -> None:
    profiles = [cat(breed=value, tame=value, coat=value) for value in values]
    for path in ("breed", "tame", "coat"):
        assert levels(path, profiles).shares(profiles).sum() == pytest.approx(1)
