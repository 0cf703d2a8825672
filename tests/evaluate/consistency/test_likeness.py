"""Similarity within and between prompts: by hand, its interval, its null, its rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.tables.base import NotComputed
from stages.common.tables.consistency import LikenessRow
from stages.evaluate.cells import cells_of
from stages.evaluate.consistency.likeness import (
    jackknife_interval,
    likeness,
    null_differences,
    within_between,
)
from tests.evaluate.fakes import FREE, INDOOR, PARAMS, cat, draws, study

LABELS = np.array([0, 0, 0, 1, 1, 2])


def distance(points):
    return np.abs(np.subtract.outer(points, points)) / 100


@given(st.lists(st.integers(0, 100), min_size=6, max_size=6))
def test_against_all_pairs_one_by_one(points):
    table = distance(points)
    pairs = [(i, j) for i in range(6) for j in range(i)]
    within = [1 - table[i, j] for i, j in pairs if LABELS[i] == LABELS[j]]
    between = [1 - table[i, j] for i, j in pairs if LABELS[i] != LABELS[j]]
    assert within_between(table, LABELS) == pytest.approx((np.mean(within), np.mean(between)))


@given(st.lists(st.integers(0, 100), min_size=6, max_size=6))
def test_the_jackknife_leaves_each_row_out(points):
    table = distance(points)
    rest = [np.delete(np.arange(6), i) for i in range(6)]
    left = [np.subtract(*within_between(table[np.ix_(r, r)], LABELS[r])) for r in rest]
    # t of 5 degrees of freedom at 97.5 %: 2.5706
    reach = 2.5706 * np.sqrt(5 / 6 * ((left - np.mean(left)) ** 2).sum())
    middle = np.subtract(*within_between(table, LABELS))
    expected = max(-1, middle - reach), min(1, middle + reach)
    assert jackknife_interval(table, LABELS, 0.95, np.arange(6)) == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.integers(0, 100), min_size=8, max_size=8))
def test_the_jackknife_leaves_conversations_out(points):
    table, labels, units = distance(points), np.array([0, 0, 0, 0, 1, 1, 1, 1]), [0, 0, 1, 2, 3, 3, 4, 5]
    rest = [np.flatnonzero(np.array(units) != unit) for unit in range(6)]
    left = [np.subtract(*within_between(table[np.ix_(r, r)], labels[r])) for r in rest]
    reach = 2.5706 * np.sqrt(5 / 6 * ((left - np.mean(left)) ** 2).sum())
    middle = np.subtract(*within_between(table, labels))
    expected = max(-1, middle - reach), min(1, middle + reach)
    assert jackknife_interval(table, labels, 0.95, np.array(units)) == pytest.approx(expected, abs=1e-4)


def test_the_interval_of_three_rows_says_nothing():
    # without either row of the pair there is no pair left: one row can go
    assert jackknife_interval(distance([0, 1, 2]), np.array([0, 0, 1]), 0.95, np.arange(3)) == (-1.0, 1.0)


def test_null_of_two_pairs():
    # points 0 0 1 1: together as they are in 1 of 3 (difference 1), crossed in 2 of 3 (0 - 1/2)
    null = null_differences(100 * distance([0, 0, 1, 1]), np.array([0, 0, 1, 1]), draws=3_000, seed=1)
    assert set(null) == {1.0, -0.5}
    assert (null == 1).mean() == pytest.approx(1 / 3, abs=0.03)


@pytest.mark.parametrize(
    ("n_indoor", "kind"), [(1, "draws of two prompts"), (2, "two draws of one prompt")], ids=["none", "one"]
)
def test_a_subsample_without_pairs_of_a_kind_is_not_measured(n_indoor: int, kind: str):
    """A subsample may leave a prompt no draw, or each prompt one."""
    rows = [*draws(*[cat()] * 2), *draws(*[cat(home={"kind": "indoor"})] * n_indoor, prompt_id=INDOOR.id)]
    reasons = set()
    for seed in range(20):
        few = study(params=PARAMS.model_copy(update={"max_pairwise": 2, "seed": seed}))
        [row] = likeness(cells_of(rows, few), few)
        assert isinstance(row, NotComputed)
        reasons.add(row.reason)
    assert f"max_pairwise leaves 2 of {2 + n_indoor} profiles, without {kind}" in reasons


def test_row_of_an_arm():
    # five fields; within: 3 pairs alike, 1 pair a coat apart: (3 + .8) / 4; between: all homes differ, and
    # of 6 pairs 3 coats: (6 · .8 - 3 · .2) / 6
    free = draws(cat(), cat(), cat(), "no")
    indoor = [cat(home={"kind": "indoor"}), cat(home={"kind": "indoor"}, coat="white")]
    cells = cells_of([*free, *draws(*indoor, prompt_id=INDOOR.id)], study())
    [row] = likeness(cells, study())
    assert isinstance(row, LikenessRow)
    assert (row.prompt, row.n, row.n_used, row.n_prompts) == ("(all)", 5, 5, 2)
    assert (row.within, row.between, row.difference) == pytest.approx((0.95, 0.7, 0.25))
    assert row.low <= row.difference <= row.high
    assert row.difference == row.band.band_high  # the best of 10 ways to divide 5 into 3 and 2


def test_one_prompt_is_not_enough():
    [row] = likeness(cells_of(draws(cat(), cat()), study(FREE)), study(FREE))
    assert isinstance(row, NotComputed)
    assert row.reason == (
        "profiles with valid values in all 5 compared fields: 2 of 2 readable; "
        "needs 2 prompts with one, one of them with 2"
    )
