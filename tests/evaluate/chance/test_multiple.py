"""Holm and Benjamini-Hochberg, by hand and by their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.evaluate.chance.multiple import benjamini_hochberg, holm

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_holm_known_values() -> None:
    # sorted .005 .01 .03 .04 -> 4 x .005 = .02, 3 x .01 = .03, 2 x .03 = .06, then 1 x .04 lifted to .06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_benjamini_hochberg_known_values() -> None:
    # sorted .005 .01 .03 .04 -> from the end: .04, min(.04, 4/3 x .03 = .04), 4/2 x .01 = .02, 4 x .005 = .02
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_the_example_of_benjamini_and_hochberg_1995() -> None:
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    # section 3.3 of the paper: at .05 Bonferroni (and Holm) reject three hypotheses, theirs four
    assert sum(value <= 0.05 for value in holm(p)) == 3
    assert sum(value <= 0.05 for value in benjamini_hochberg(p)) == 4


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_none_and_one(adjust) -> None:
    assert adjust([]) == []
    assert adjust([0.2]) == [0.2]
    assert adjust([1.0, 1.0]) == [1.0, 1.0]


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@given(p=P_VALUES)
def test_adjusting_only_raises_keeps_the_order_and_follows_the_places(adjust, p) -> None:
    adjusted = adjust(p)
    assert all(before <= after <= 1 for before, after in zip(p, adjusted, strict=True))
    in_order = [adjusted[i] for i in np.argsort(p, kind="stable")]
    assert in_order == sorted(in_order)
    assert adjust(p[::-1]) == adjusted[::-1]


@given(P_VALUES)
def test_holm_is_at_least_benjamini_hochberg_and_at_most_bonferroni(p) -> None:
    for q, adjusted, value in zip(benjamini_hochberg(p), holm(p), p, strict=True):
        assert q - 1e-12 <= adjusted <= min(1, len(p) * value)
