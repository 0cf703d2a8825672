"""Distribution functions of numbers, and their nulls."""

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from stages.common.schema import ProfileSchema
from stages.common.tables.base import NotComputed
from stages.common.tables.fidelity import KolmogorovRow
from stages.evaluate.cells import Study, cells_of
from stages.evaluate.chance.nulls import null_counts
from stages.evaluate.fidelity.numbers import kolmogorov_smirnov, null_distances, numbers
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, PARAMS, SCHEMA, cat, draws, study, training

VALUES = st.lists(st.integers(-5, 5), min_size=1, max_size=8).map(lambda values: np.array(values, float))


def with_null() -> Study:
    """2 of 10 cats of the training have no count of mice."""
    node = deepcopy(SCHEMA)
    node["properties"]["mice"]["type"] = ["integer", "null"]
    records = [*training()[:8], cat(mice=None), cat(mice=None)]
    return study(
        FREE, schema=ProfileSchema(node, "cats.json"), training={"original": records, "augmented": []}
    )


@pytest.mark.filterwarnings("ignore:ks_2samp")  # of its p, which is not looked at
@given(VALUES, VALUES)
def test_laws(values: np.ndarray, reference: np.ndarray) -> None:
    distance = kolmogorov_smirnov(values, reference)
    assert 0 <= distance <= 1
    assert distance == kolmogorov_smirnov(reference, values)
    assert kolmogorov_smirnov(values, values) == 0
    assert distance == pytest.approx(ks_2samp(values, reference, method="exact").statistic)
    assert distance == kolmogorov_smirnov(np.exp(values), np.exp(reference))


def test_null_of_one_draw_of_two_numbers() -> None:
    # one draw of {1, 2}: its function is 1/2 away below 2
    assert set(null_distances(np.array([1.0, 2.0]), 1, PARAMS)) == {0.5}


def test_the_null_is_that_of_resampled_people() -> None:
    reference = np.array([0.0, 0.0, 1.0, 5.0, 7.0])
    rng = np.random.default_rng(2)
    populations = [rng.choice(reference, 5) for _ in range(500)]
    again = [kolmogorov_smirnov(rng.choice(population, 6), reference) for population in populations]
    null = null_distances(reference, 6, PARAMS)
    # rare ones aside: each kind has only 500
    assert np.isin(again, null).mean() > 0.98
    assert np.mean(again) == pytest.approx(null.mean(), abs=0.02)


def test_rows_of_a_cell() -> None:
    # training 0 0 1 3 3 3 3 3 3 9, generated 3 9: at 3 the functions are .9 and .5, below it .3 and 0
    [cell] = cells_of(draws(cat(mice=3), cat(mice=9), cat(mice="many"), "no profile"), study())
    [row] = numbers(cell, study())
    assert isinstance(row, KolmogorovRow)
    assert (row.field, row.n, row.n_reference, row.ks) == ("mice", 2, 10, 0.4)
    assert (row.median, row.median_reference) == (6, 3)
    assert row.band.band_low <= row.ks <= row.band.band_high
    assert 0.05 < row.p < 1


def test_null_is_no_number() -> None:
    # generated 3 3 null, missing; in the training 2 of 10 are null
    bare = {key: value for key, value in cat().items() if key != "mice"}
    [cell] = cells_of(draws(cat(), cat(), cat(mice=None), bare), with_null())
    [row] = rows_of(KolmogorovRow, numbers(cell, with_null()))
    assert (row.n, row.n_reference) == (2, 8)


def test_no_number_is_left_out() -> None:
    [cell] = cells_of(draws(cat(mice=None)), with_null())
    [left_out] = rows_of(NotComputed, numbers(cell, with_null()))
    assert (left_out.table, left_out.field) == ("kolmogorov_smirnov", "mice")
    assert left_out.reason == "profiles with a valid number: 0 of 1 readable; needs n >= 2"


def test_numbers_that_no_float_holds_have_finite_rows() -> None:
    # the mean of the middle two would be infinite
    [cell] = cells_of(draws(cat(mice=1.7e308), cat(mice=10**400)), study())
    [row] = rows_of(KolmogorovRow, numbers(cell, study()))
    assert np.isfinite([row.median, row.ks]).all()
    assert row.p is not None
    assert np.isfinite(row.p)
    assert row.ks == 1


@given(st.lists(st.integers(0, 6).map(float), min_size=1, max_size=12), st.integers(1, 6))
def test_both_ways_to_the_null_are_one(numbers, n):
    """Of fewer draws than different numbers only the drawn ones are looked at; the counts say the same."""
    reference = np.array(numbers)
    codes = np.unique(reference, return_inverse=True)[1]
    cdf = np.cumsum(np.bincount(codes)) / len(codes)
    counts = null_counts(codes, len(cdf), n, draws=PARAMS.null_draws, seed=PARAMS.seed)
    expected = np.round(np.abs(np.cumsum(counts, axis=1) / n - cdf).max(axis=1), 12)
    assert (null_distances(reference, n, PARAMS) == expected).all()
