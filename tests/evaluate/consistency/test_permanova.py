"""PERMANOVA and its shuffles: analysis of variance on a line, exact p, blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f_oneway

from stages.evaluate.chance.shuffling import shuffled_sums, within_sums
from stages.evaluate.consistency.permanova import permanova

POINTS = st.lists(st.integers(-50, 50), min_size=7, max_size=7)
GROUPS = [0, 0, 1, 1, 1, 2, 2]


def line(*points):
    return np.abs(np.subtract.outer(points, points)).astype(float)


def test_sums_within_groups_by_hand():
    # pairs {0, 1} and {3, 7, 8}: 1; 4 + 5 + 1
    labels = np.array([0, 0, 1, 1, 1])
    assert within_sums(line(0, 1, 3, 7, 8), labels).tolist() == [1, 10]
    assert within_sums(line(0, 1, 3, 7, 8), np.stack([labels, 1 - labels])).tolist() == [[1, 10], [10, 1]]


def test_shuffles_stay_within_their_blocks():
    # each block holds one row of each group: rows 0 and 1 are never together, nor 2 and 3
    distance = np.array([[0, 9, 1, 2], [9, 0, 2, 1], [1, 2, 0, 9], [2, 1, 9, 0]], float)
    labels, blocks = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    sums, sizes = shuffled_sums(distance, labels, draws=700, seed=1, blocks=blocks)
    assert (sizes == 2).all()
    assert sums.shape == (700, 2)
    assert {*map(tuple, sums)} == {(1.0, 1.0), (2.0, 2.0)}
    assert 9 in shuffled_sums(distance, labels, draws=100, seed=1)[0]


@given(POINTS)
def test_on_a_line_it_is_analysis_of_variance(points):
    groups = [[x for x, g in zip(points, GROUPS, strict=True) if g == group] for group in range(3)]
    if all(len({*group}) == 1 for group in groups):
        return
    found = permanova(line(*points), GROUPS, [0] * 7, n_permutations=20, seed=1)
    assert found.pseudo_f == pytest.approx(f_oneway(*groups).statistic, rel=1e-6, abs=1e-6)
    assert 0 <= found.r2 <= 1


def test_known_value():
    # SS_total = 25 + 25.25 = 101, SS_within = 1/2 + 1/2; F = 100 / 1 / (1 / 2) = 200; as good: 2 of 6 splits
    found = permanova(line(0, 1, 10, 11), [0, 0, 1, 1], [0] * 4, n_permutations=3_000, seed=1)
    assert (found.pseudo_f, found.r2) == pytest.approx((200, 100 / 101))
    assert found.p == pytest.approx(1 / 3, abs=0.03)


def test_a_difference_between_blocks_is_none_between_groups():
    # group 0 has two rows of block 0, group 1 two of block 1: far apart, but only by their blocks
    points, groups, blocks = line(0, 0, 1, 9, 10, 10), [0, 0, 1, 0, 1, 1], [0, 0, 0, 1, 1, 1]
    free, blocked = (permanova(points, groups, b, n_permutations=2_000, seed=1) for b in ([0] * 6, blocks))
    # of the 3 × 3 shuffles within blocks, one is as far apart
    assert blocked.p == pytest.approx(1 / 9, abs=0.03)
    assert free.p > blocked.p


@pytest.mark.parametrize(
    ("points", "groups", "blocks", "reason"),
    [
        ((0, 1, 2), [0, 0, 0], [0, 0, 0], "2 groups"),
        ((0, 1), [0, 1], [0, 0], "2 rows"),
        ((0, 1, 2, 3), [0, 0, 1, 1], [0, 0, 1, 1], "no block"),
        ((5, 5, 5, 5), [0, 0, 1, 1], [0, 0, 0, 0], "no variation$"),
        ((5, 5, 6, 6), [0, 0, 1, 1], [0, 0, 0, 0], "F is infinite"),
    ],
)
def test_what_cannot_be_told_is_refused(points, groups, blocks, reason):
    with pytest.raises(ValueError, match=reason):
        permanova(line(*points), groups, blocks, n_permutations=10, seed=1)
