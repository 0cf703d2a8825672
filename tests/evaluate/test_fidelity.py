"""Total variation and its null band."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stages.evaluate.cells import cells_of
from stages.evaluate.distributions import DistributionRow
from stages.evaluate.fidelity import (
    TotalVariationRow,
    fidelity,
    total_variation,
)
from stages.evaluate.rows import NotComputed, rows_of
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
    # coat: training 6 black, 4 white; generated 1 black, 1 white, 1 pink (other), 1 without
    texts = [cat(), cat(coat="white"), cat(coat="pink"), {k: v for k, v in cat().items() if k != "coat"}]
    [cell] = cells_of(draws(*texts, "no profile"), study())
    rows = list(fidelity(cell, study()))
    coat = next(row for row in rows_of(TotalVariationRow, rows) if row.field == "coat")
    # (|.25-.6| + |.25-.4| + .25 + .25) / 2 = .5; the unparsed draw is not in n
    assert (coat.tv, coat.n, coat.role) == (0.5, 4, "protected")
    # 0 to 4 black of 4: variation .6, .35, .1, .15, .4 with probability .026, .154, .346, .346, .130
    assert (coat.band.band_low, coat.band.band_high) == (0.1, 0.6)
    assert coat.band.percentile == pytest.approx(97.4, abs=2)
    assert not coat.above_band
    shares = {row.level: row.share_generated for row in rows_of(DistributionRow, rows) if row.field == "coat"}
    assert shares == {"black": 0.25, "white": 0.25, "(missing)": 0.25, "(other)": 0.25}


def test_fields_of_all_kinds_are_compared_but_no_numbers_texts_identifiers() -> None:
    [cell] = cells_of(draws(cat()), study())
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
        NotComputed("tiny+lora/original", FREE.id, "total_variation", "", "no profile parsed")
    ]
