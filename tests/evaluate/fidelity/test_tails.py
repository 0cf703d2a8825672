"""Coverage and entropy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from stages.common.tables.base import NotComputed
from stages.common.tables.fidelity import CoverageRow, EntropyRow
from stages.evaluate.cells import cells_of
from stages.evaluate.fidelity.tail_intervals import miller_madow
from stages.evaluate.fidelity.tails import expected_levels, tails
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import cat, draws, study


def test_expected_levels() -> None:
    # 4 draws of .6 and .4: each is seen but with .4^4 and .6^4
    assert expected_levels([0.6, 0.4], 4) == pytest.approx(2 - 0.4**4 - 0.6**4)
    # FACTS of occupancy: 10 draws of 10 equal levels show 10 (1 - .9^10) = 6.5 of them
    assert expected_levels([0.1] * 10, 10) == pytest.approx(6.513, abs=1e-3)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=6).filter(any))
def test_miller_madow_is_entropy_and_a_correction(counts: list[int]) -> None:
    n, seen = sum(counts), sum(count > 0 for count in counts)
    expected = entropy(counts, base=2) + (seen - 1) / (2 * n * np.log(2))
    assert miller_madow(np.array(counts, float)) == pytest.approx(expected)
    assert miller_madow(np.array(counts[::-1], float)) == miller_madow(np.array(counts, float))


def test_the_correction_takes_most_of_the_bias_away() -> None:
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    counts = np.random.default_rng(1).multinomial(20, shares, size=20_000).astype(float)
    true, plain = entropy(shares, base=2), entropy(counts, axis=1, base=2).mean()
    assert abs(miller_madow(counts).mean() - true) < abs(plain - true) / 5


def test_rows_of_a_cell() -> None:
    # coat: training 6 black, 4 white; 4 draws, none white; a coat that the schema refuses is none
    [cell] = cells_of(draws(*[cat()] * 4, cat(coat="pink"), "no profile"), study())
    rows = list(tails(cell, study()))
    coat = next(row for row in rows_of(CoverageRow, rows) if row.field == "coat")
    assert (coat.n, coat.n_levels_reference, coat.n_levels) == (4, 2, 1)
    assert coat.coverage == pytest.approx(1 / (2 - 0.4**4 - 0.6**4))
    # one coat only: E[share^4 + (1 - share)^4], 10 times share ~ B(10, .6)
    assert coat.p == pytest.approx(0.23, abs=0.05)
    bits = next(row for row in rows_of(EntropyRow, rows) if row.field == "coat")
    assert (bits.n, bits.entropy) == (4, 0)
    assert bits.entropy_reference == pytest.approx(entropy([0.6, 0.4], base=2))
    assert bits.band.band_low <= bits.entropy_expected <= bits.band.band_high


def test_collapse_is_found() -> None:
    [cell] = cells_of(draws(*[cat()] * 30), study())
    rows = list(tails(cell, study()))
    coat = next(row for row in rows_of(EntropyRow, rows) if row.field == "coat")
    # 10 people of whom 6 are black: E[share^30 + (1 - share)^30] = .008, as the share may be .9
    assert (coat.entropy, coat.p) == pytest.approx((0, 0.008), abs=0.01)
    coverage = next(row for row in rows_of(CoverageRow, rows) if row.field == "coat")
    assert coverage.p == pytest.approx(0.008, abs=0.01)


def test_nothing_parsed_is_left_out() -> None:
    [cell] = cells_of(draws("no"), study())
    assert [row.table for row in rows_of(NotComputed, tails(cell, study()))] == ["coverage", "entropy"]


def test_omission_hides_no_lost_level() -> None:
    # black and white as in the training, then half of the profiles omit the coat instead of being white
    bare = {key: value for key, value in cat().items() if key != "coat"}
    rows = []
    for other in (cat(coat="white"), bare, cat(coat="pink")):
        [cell] = cells_of(draws(*[cat(), other] * 20), study())
        rows += [row for row in rows_of(EntropyRow, tails(cell, study())) if row.field == "coat"]
    assert [(row.n, row.entropy > 0) for row in rows] == [(40, True), (20, False), (20, False)]
    assert rows[0].p > 0.5
    # E[share^20 + (1 - share)^20], 10 times share ~ B(10, .6)
    assert rows[1].p == rows[2].p == pytest.approx(0.013, abs=0.015)


def test_without_any_level_of_the_reference_there_is_no_entropy() -> None:
    [cell] = cells_of(draws(cat(coat="pink", breed="siam"), cat(breed="siam")), study())
    rows = list(tails(cell, study()))
    assert (
        NotComputed(
            **cell.where, table="entropy", field="breed", reason="no profile has a level of the reference"
        )
        in rows
    )
    assert (
        NotComputed(
            **cell.where,
            table="entropy",
            field="coat",
            reason="profiles with a valid value: 1 of 2 readable; needs n >= 2",
        )
        in rows
    )
