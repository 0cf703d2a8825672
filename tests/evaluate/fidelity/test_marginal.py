"""Total variation and its rows."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stages.common.tables.base import NotComputed
from stages.common.tables.fidelity import TotalVariationRow
from stages.common.variation import total_variation
from stages.evaluate.cells import cells_of
from stages.evaluate.fidelity.marginal import fidelity
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


@pytest.mark.parametrize(("p", "q"), [([1.0], [0.5, 0.5]), ([0.5, 0.6], [0.5, 0.5]), ([-1, 2], [0.5, 0.5])])
def test_what_are_no_aligned_probabilities_is_refused(p: list[float], q: list[float]) -> None:
    with pytest.raises(ValueError, match=r"aligned|probabilities"):
        total_variation(p, q)


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
    assert coat.low is not None
    assert coat.high is not None
    assert 0 <= coat.low <= coat.tv <= coat.high <= 1


def without_interval(n_levels: int, n: int) -> list[str]:
    """Why the interval of `breed` is left out; training has `n_levels` breeds."""
    breeds = [cat(breed=f"breed {i % n_levels}") for i in range(n)]
    people = [cat(breed=f"breed {i}") for i in range(n_levels)]
    some = study(training={"original": people, "augmented": people})
    [cell] = cells_of(draws(*breeds), some)
    rows = list(fidelity(cell, some))
    assert all(row.low is not None for row in rows_of(TotalVariationRow, rows) if row.field != "breed")
    [variation] = [row for row in rows_of(TotalVariationRow, rows) if row.field == "breed"]
    found = [
        row.reason for row in rows_of(NotComputed, rows) if (row.field, row.part) == ("breed", "interval")
    ]
    assert (variation.low is None) == bool(found)
    return found


def test_intervals_that_would_seldom_hold_the_truth_are_left_out() -> None:
    assert without_interval(5, 10) == []
    assert without_interval(10, 49) == ["profiles: 49, levels: 10; needs n >= 50"]
    assert without_interval(10, 50) == []


def test_fields_of_all_kinds_are_compared_but_no_numbers_texts_identifiers() -> None:
    [cell] = cells_of(draws(cat(), cat()), study())
    rows = rows_of(TotalVariationRow, fidelity(cell, study()))
    assert [row.field for row in rows] == ["coat", "tame", "home.kind", "breed"]


def test_too_few_people_like_the_prompt() -> None:
    [cell] = cells_of(draws(cat(), prompt_id=INDOOR.id), study())
    [left_out] = fidelity(cell, study())
    assert isinstance(left_out, NotComputed)
    assert left_out.reason == "2 of 10 training records with the prompt's given values; needs 5"


def test_nothing_parsed_is_left_out_and_not_zero() -> None:
    [cell] = cells_of(draws("no"), study(FREE))
    assert list(fidelity(cell, study())) == [
        NotComputed(**cell.where, table="total_variation", reason="no profile parsed")
    ]
