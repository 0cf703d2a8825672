"""Gower's distance: by hand, and as a law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.common.schema import ProfileSchema
from stages.evaluate.values.distance import Gower, distances, ranges_of
from tests.evaluate.fakes import SCHEMA, cat, schema

RANGES = {"mice": 10.0}  # beside it coat, tame, home.kind and breed: five fields
CATS = st.builds(
    cat,
    coat=st.sampled_from(["black", "white", None, 1]),
    tame=st.sampled_from([True, 1, None]),
    mice=st.sampled_from([0, 1, 1.0, 7, 10**400, "7", None]),
    home=st.sampled_from([{"kind": "ship"}, {"kind": "indoor"}, {"kind": None}]),
)


def test_known_values():
    # mice: |3 - 8| / 10 = 1/2; coat differs; text is no field of the distance: (1/2 + 1) / 5
    rows = [cat(), cat(coat="white", mice=8), cat(note="purrs"), cat(mice=103)]
    assert distances(rows, schema(), RANGES)[0] == pytest.approx([0, 0.3, 0, 0.2])


def test_null_is_a_level_and_missing_is_none():
    null, missing = cat(mice=None), {k: v for k, v in cat().items() if k != "mice"}
    assert distances([cat(), null], schema(), RANGES) == pytest.approx(0.2 * (1 - np.eye(2)))
    # two profiles that both lack a field are no more alike for that
    found = distances([missing, null], schema(), RANGES, [missing, cat()])
    assert np.isnan(found).tolist() == [[True, True], [True, False]]
    assert found[1, 1] == pytest.approx(0.2)


def test_without_a_range_numbers_are_equal_or_not():
    found = distances([cat(mice=3), cat(mice=3.0), cat(mice=4)], schema(), {"mice": 0.0})
    assert found[0] == pytest.approx([0, 0, 0.2])


def test_ranges_are_of_the_numbers_alone():
    assert ranges_of([cat(mice=2), cat(mice=9.5), cat(mice=None), cat(mice="99")], schema()) == {"mice": 7.5}
    assert ranges_of([cat(mice=None)], schema()) == {"mice": 0.0}


def test_a_schema_of_texts_alone_has_no_distance():
    texts = {"type": "object", "properties": {"note": SCHEMA["properties"]["note"]}}
    with pytest.raises(ValueError, match="no fields but text"):
        distances([{}], ProfileSchema(texts, "texts.json"), {})


@settings(max_examples=40)
@given(st.lists(CATS, min_size=1, max_size=6))
def test_it_is_a_symmetric_distance_in_0_1(cats):
    found = distances(cats, schema(), RANGES)
    assert (found == found.T).all()
    assert not found.diagonal().any()
    assert ((found >= 0) & (found <= 1)).all()
    assert (distances(cats, schema(), RANGES, cats[:2]) == found[:, :2]).all()
    triangle = found[:, :, None] + found[None, :, :] - found[:, None, :]
    assert (triangle >= -1e-9).all()


PARTLY = CATS.map(lambda one: {key: value for key, value in one.items() if value != 1})


@settings(max_examples=60)
@given(st.lists(PARTLY, max_size=7), st.lists(PARTLY, min_size=1, max_size=5), st.integers(0, 40))
def test_blocks_of_any_size_are_all_pairs(rows, columns, at_once):
    gower = Gower(schema(), RANGES)
    parts = [*gower.blocks(gower.arrays(rows), gower.arrays(columns), at_once)]
    expected = distances(rows, schema(), RANGES, columns)
    found = np.full(expected.shape, -1.0)
    for part, apart in parts:
        assert apart.size <= max(at_once, len(columns))
        found[part] = apart
    np.testing.assert_array_equal(found, expected)
