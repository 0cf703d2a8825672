"""Levels: null, missing and outside the schema are three different ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.records import Profile
from stages.common.schema import Field
from stages.evaluate.levels import Levels, levels_of
from tests.evaluate.fakes import cat, schema, training


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


def test_words_that_two_levels_share_are_told_apart() -> None:
    field = Field("size", "attribute", (), (1, "1", "(other)"), True, {})
    assert levels_of(field, []).names == ["1", '"1"', '"(other)"', "(missing)", "(other)"]


@given(st.lists(st.sampled_from(["black", "white", None, True, 1, 1.0, "1", ["a"], {"b": 2}]), min_size=1))
def test_shares_sum_to_one(values: list[Any]) -> None:
    profiles = [cat(breed=value, tame=value, coat=value) for value in values]
    for path in ("breed", "tame", "coat"):
        assert levels(path, profiles).shares(profiles).sum() == pytest.approx(1)
