"""Fleiss' kappa: a published value, by hand, and as a law; its null and its rows."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stages.common.tables.base import NotComputed
from stages.common.tables.consistency import AgreementRow
from stages.evaluate.cells import cells_of
from stages.evaluate.consistency.agreement import agreement, fleiss_kappas, null_kappas
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, INDOOR, cat, draws, study

# 10 subjects, 14 raters, 5 categories: the worked example of Wikipedia's article on Fleiss' kappa
EXAMPLE = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
TABLES = st.lists(
    st.lists(st.integers(0, 2), min_size=4, max_size=4).map(lambda r: [r.count(i) for i in range(3)]),
    min_size=2,
    max_size=6,
)


def fleiss_kappa(table):
    return float(fleiss_kappas(np.asarray(table, float)))


def test_published_value():
    assert fleiss_kappa(EXAMPLE) == pytest.approx(0.210, abs=0.0005)


def test_by_hand():
    # P_1 = 1, P_2 = (2 * 1) / (3 * 2) = 1/3: P = 2/3; shares 4/6 and 2/6: Pe = 5/9; (2/3 - 5/9) / (4/9) = 1/4
    assert fleiss_kappa([[3, 0], [1, 2]]) == pytest.approx(0.25)


@given(TABLES, st.randoms())
def test_the_order_of_subjects_and_categories_is_no_matter(table, random):
    counts = np.array(table)
    assume((counts.sum(axis=0) > 0).sum() > 1)
    turned = counts[random.sample(range(len(counts)), len(counts))][:, random.sample(range(3), 3)]
    assert fleiss_kappa(turned) == fleiss_kappa(counts)
    assert -1 / 3 - 1e-9 <= fleiss_kappa(counts) <= 1


def test_null_of_two_subjects_with_two_raters():
    # labels a a b b in two pairs: aa|bb in 1 of 3 (kappa 1), ab|ab in 2 of 3 (P = 0, Pe = 1/2: kappa -1)
    null = null_kappas(np.array([[2, 0], [0, 2]]), draws=9_000, seed=1)
    assert set(null) == {-1.0, 1.0}
    assert (null == 1).mean() == pytest.approx(1 / 3, abs=0.02)


def test_rows_of_an_arm():
    # free: 2 of 3 profiles are drawn; whichever, coats are black; indoor: white. Only one value of tame
    free = draws(cat(), cat(), cat(), "no")
    indoor = draws(cat(coat="white"), cat(coat="white"), prompt_id=INDOOR.id)
    rows = list(agreement(cells_of([*free, *indoor], study()), study()))
    found = {row.field: row for row in rows_of(AgreementRow, rows)}
    coat = found.pop("coat")
    assert not found
    assert (coat.prompt, coat.n, coat.n_used, coat.kappa) == ("(all)", 2, 2, 1.0)
    assert coat.band.ends == (-1.0, 1.0)
    assert coat.band.percentile == pytest.approx(100 * (2 / 3 + 1 / 6), abs=3)
    left = {row.field: row.reason for row in rows_of(NotComputed, rows)}
    assert set(left) == {"tame", "home.kind", "breed"}
    assert left["tame"] == "all profiles with a valid value have one and the same: kappa is 0 / 0"


def test_one_prompt_or_one_draw_is_not_enough():
    cells = cells_of([*draws(cat(), cat()), *draws(cat(), prompt_id=INDOOR.id)], study(FREE, INDOOR))
    [row] = agreement(cells, study())
    assert isinstance(row, NotComputed)
    assert row.reason == "needs 2 prompts with at least 2 profiles parsed; 1 have"
