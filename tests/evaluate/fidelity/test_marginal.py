"""Total variation, Jensen-Shannon, and their rows."""

from math import log2

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from stages.common.tables.base import NotComputed
from stages.common.tables.fidelity import JensenShannonRow, TotalVariationRow
from stages.evaluate.cells import cells_of
from stages.evaluate.fidelity.marginal import fidelity, jensen_shannon, total_variation
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, INDOOR, cat, draws, study

COUNTS = st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any)
SHARES = COUNTS.map(lambda counts: np.array(counts) / sum(counts))


def test_known_value() -> None:
    # |.5-.2| + |.3-.3| + |.2-.5| = .6; half of it is .3
    assert total_variation([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]) == pytest.approx(0.3)
    assert total_variation([1, 0], [0, 1]) == 1


@given(SHARES, SHARES, SHARES)
def test_it_is_a_distance_in_0_1(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> None:
    assert 0 <= total_variation(p, q) <= 1
    assert total_variation(p, q) == total_variation(q, p)
    assert total_variation(p, p) == 0
    assert total_variation(p, r) <= total_variation(p, q) + total_variation(q, r) + 1e-9


@given(SHARES, st.permutations(range(4)))
def test_the_order_of_levels_is_no_matter(p: np.ndarray, order: list[int]) -> None:
    assume(len(p) == 4)
    q = np.array([0.1, 0.2, 0.3, 0.4])
    assert total_variation(p[order], q[order]) == total_variation(p, q)


def test_known_divergence() -> None:
    # m = (3/4, 1/4); KL(p||m) = log2(4/3); KL(q||m) = (log2(2/3) + log2 2) / 2
    expected = (log2(4 / 3) + (log2(2 / 3) + 1) / 2) / 2
    assert jensen_shannon([1, 0], [0.5, 0.5]) == pytest.approx(expected)


@given(SHARES, SHARES)
def test_the_divergence_is_the_square_of_the_distance(p: np.ndarray, q: np.ndarray) -> None:
    assert jensen_shannon(p, q) == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-9)
    assert jensen_shannon(p, q) == jensen_shannon(q, p)
    assert jensen_shannon(p, p) == 0
    # Lin 1991, theorem 3: in bits it is at most the total variation
    assert jensen_shannon(p, q) <= total_variation(p, q) + 1e-12


@pytest.mark.parametrize(("p", "q"), [([1.0], [0.5, 0.5]), ([0.5, 0.6], [0.5, 0.5]), ([-1, 2], [0.5, 0.5])])
def test_what_are_no_aligned_probabilities_is_refused(p: list[float], q: list[float]) -> None:
    for distance in (total_variation, jensen_shannon):
        with pytest.raises(ValueError, match=r"aligned|probabilities"):
            distance(p, q)


def test_rows_of_a_cell() -> None:
    # coat: training 6 black, 4 white; generated 4 white; 1 pink (invalid) and 1 without count for nothing
    bare = {key: value for key, value in cat().items() if key != "coat"}
    [cell] = cells_of(draws(*[cat(coat="white")] * 4, cat(coat="pink"), bare, "no profile"), study())
    rows = list(fidelity(cell, study()))
    coat = next(row for row in rows_of(TotalVariationRow, rows) if row.field == "coat")
    # (|0-.6| + |1-.4|) / 2 = .6
    assert (coat.tv, coat.n, coat.role) == (0.6, 4, "protected")
    # 0 to 4 black of 4: variation .6, .35, .1, .15, .4; of a population of 10 drawn from the training,
    # all are white with E[(1 - share)^4] = .051
    assert (coat.band.band_low, coat.band.band_high) == (0.1, 0.6)
    assert coat.band.percentile == pytest.approx(97.4, abs=2)
    assert not coat.above_band
    assert coat.p == pytest.approx(0.054, abs=0.02)
    js = next(row for row in rows_of(JensenShannonRow, rows) if row.field == "coat")
    assert js.js == pytest.approx(jensen_shannon([0, 1], [0.6, 0.4]))
    for row, value in ((coat, coat.tv), (js, js.js)):
        assert row.low is not None
        assert row.high is not None
        assert 0 <= row.low <= value <= row.high <= 1


def intervals(n_levels: int, n: int) -> dict[str, str]:
    """The reasons of intervals of `breed` that are left out; training has `n_levels` breeds."""
    breeds = [cat(breed=f"breed {i % n_levels}") for i in range(n)]
    people = [cat(breed=f"breed {i}") for i in range(n_levels)]
    some = study(training={"original": people, "augmented": people})
    [cell] = cells_of(draws(*breeds), some)
    rows = list(fidelity(cell, some))
    assert all(row.low is not None for row in rows_of(JensenShannonRow, rows) if row.field != "breed")
    [variation] = [row for row in rows_of(TotalVariationRow, rows) if row.field == "breed"]
    found = {
        row.table: row.reason
        for row in rows_of(NotComputed, rows)
        if (row.field, row.part) == ("breed", "interval")
    }
    assert (variation.low is None) == ("total_variation" in found)
    return found


def test_intervals_that_would_seldom_hold_the_truth_are_left_out() -> None:
    assert intervals(5, 10) == {"jensen_shannon": "levels: 5; needs <= 4"}
    assert intervals(10, 49)["total_variation"] == "profiles: 49, levels: 10; needs n >= 50"
    assert "total_variation" not in intervals(10, 50)


def test_fields_of_all_kinds_are_compared_but_no_numbers_texts_identifiers() -> None:
    [cell] = cells_of(draws(cat(), cat()), study())
    rows = rows_of(TotalVariationRow, fidelity(cell, study()))
    assert [row.field for row in rows] == ["coat", "tame", "home.kind", "breed"]


def test_too_few_people_like_the_prompt() -> None:
    [cell] = cells_of(draws(cat(), prompt_id=INDOOR.id), study())
    left_out, _ = fidelity(cell, study())
    assert isinstance(left_out, NotComputed)
    assert left_out.reason == "2 of 10 training records with the prompt's given values; needs 5"


def test_nothing_parsed_is_left_out_and_not_zero() -> None:
    [cell] = cells_of(draws("no"), study(FREE))
    assert list(fidelity(cell, study())) == [
        NotComputed(arm="tiny+lora/original", prompt=FREE.id, table=table, reason="no profile parsed")
        for table in ("total_variation", "jensen_shannon")
    ]
