"""Cramér's V, its null, and amplification."""

from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.stats import hypergeom
from scipy.stats.contingency import association as scipy_association

from stages.common.records import Profile
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.evaluate.bias.association import _mute, association
from stages.evaluate.bias.cramer import independent, strengths
from stages.evaluate.cells import cells_of
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, INDOOR, cat, draws, study

TABLES = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4).map(np.array)
DEFINED = TABLES.filter(lambda table: not np.isnan(strengths(table.astype(float))))


def cramers_v(table: ArrayLike, corrected: bool = True) -> float:
    return float(strengths(np.asarray(table, float), corrected))


def test_known_values() -> None:
    # O^2 / (R C) = 64/(10*10) twice and 4/(10*10) twice = 1.36: phi2 = .36, V = .6;
    # corrected: phi2 - 1/19 = .307368..., r = c = 2 - 1/19, so V^2 = .307368 / .947368 = .324444
    table = [[8, 2], [2, 8]]
    assert cramers_v(table, corrected=False) == pytest.approx(0.6)
    assert cramers_v(table) == pytest.approx(np.sqrt((0.36 - 1 / 19) / (1 - 1 / 19)))


def test_a_weak_association_is_none_after_correction() -> None:
    # O^2 / (R C): 9/25, 4/25, 4/25, 9/25 sum to 1.04: phi2 = .04, less than 1/9
    assert cramers_v([[3, 2], [2, 3]], corrected=False) == pytest.approx(0.2)
    assert cramers_v([[3, 2], [2, 3]]) == 0


def test_chance_alone_at_ten_people() -> None:
    # plain V of 5 x 5 independent levels at n = 10 is .64 in the mean, corrected .16
    tables = np.random.default_rng(1).multinomial(10, np.full(25, 1 / 25), size=4000).reshape(-1, 5, 5)
    plain, corrected = (strengths(tables.astype(float), kind) for kind in (False, True))
    assert np.nanmean(plain) == pytest.approx(0.64, abs=0.04)
    assert np.nanmean(corrected) == pytest.approx(0.16, abs=0.04)


@given(DEFINED)
def test_uncorrected_is_scipys(table: np.ndarray) -> None:
    filled = table[table.any(axis=1)][:, table.any(axis=0)]
    assert cramers_v(table, corrected=False) == pytest.approx(scipy_association(filled), abs=1e-6)


@given(DEFINED, st.randoms())
def test_laws(table: np.ndarray, random: Random) -> None:
    v = cramers_v(table)
    assert 0 <= v <= 1
    assert v <= cramers_v(table, corrected=False) + 1e-9
    order = random.sample(range(len(table)), len(table))
    assert cramers_v(table[order]) == cramers_v(table.T) == v
    assert cramers_v(np.pad(table, 1)) == v


@pytest.mark.parametrize("levels", [2, 3, 4])
def test_one_field_gives_the_other(levels: int) -> None:
    assert cramers_v(np.eye(levels) * 5) == 1


@pytest.mark.parametrize("table", [[[3, 4], [0, 0]], [[3, 0], [4, 0]], [[0, 0], [0, 0]], [[1, 0], [0, 1]]])
def test_without_two_levels_of_both_or_more_people_than_levels_there_is_none(table: list[list[int]]) -> None:
    assert np.isnan(cramers_v(table))


def test_null_of_two_against_two() -> None:
    # 4 people, margins 2 2 and 2 2: of 6 ways to deal, 2 are one-to-one (V = 1), 4 even (V = 0)
    null = independent((2, 2), (2, 2), draws=6000, seed=1)
    assert {*null} == {0.0, 1.0}
    assert null.mean() == pytest.approx(1 / 3, abs=0.02)


def test_the_p_of_independent_fields_is_small_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    null = independent((20, 20), (10, 30), draws=4000, seed=1)
    first, second = np.repeat([0, 1], [20, 20]), np.repeat([0, 1], [10, 30])
    found = [np.bincount(2 * first + rng.permutation(second), minlength=4).reshape(2, 2) for _ in range(1000)]
    p = [(null >= cramers_v(table)).mean() for table in found]
    assert np.mean(np.array(p) <= 0.05) <= 0.07


def rows_for(*profiles: Profile, prompt: str = FREE.id) -> list[Row]:
    [cell] = cells_of(draws(*profiles, prompt_id=prompt), study())
    return list(association(cell, study()))


def pair(rows: list[Row], field: str, attribute: str) -> AssociationRow:
    found = rows_of(AssociationRow, rows)
    return next(row for row in found if (row.field, row.attribute) == (field, attribute))


def test_an_arm_that_ties_coat_to_home() -> None:
    # training: 6 black outdoor, 2 white outdoor, 2 white indoor:
    # O^2 / (R C) = 36/(6*8) + 4/(4*8) + 4/(4*2) = .75 + .125 + .5 = 1.375, phi2 = .375;
    # less 1/9, over 1 - 1/9: V^2 = .296875
    white = {"coat": "white", "home": {"kind": "indoor"}}
    rows = rows_for(*[cat()] * 5, *[cat(**white)] * 5)
    row = pair(rows, "coat", "home.kind")
    assert (row.n, row.v) == (10, 1)
    # 2 of 252 ways to deal 5 and 5 are one-to-one
    assert row.p == pytest.approx(2 / 252, abs=0.02)
    [wider] = [one for one in rows_of(AmplificationRow, rows) if one.attribute == "home.kind" and one.v == 1]
    assert wider.v_reference == pytest.approx(np.sqrt(0.296875))
    assert wider.amplification == pytest.approx(1 - np.sqrt(0.296875))
    assert wider.amplification_low < 0 < wider.amplification_high


def test_an_arm_that_copies_its_data_amplifies_nothing() -> None:
    rows = rows_of(AmplificationRow, rows_for(*study().training["original"]))
    assert {row.amplification for row in rows} == {0}


def test_numbers_go_by_quarters_of_the_training_split() -> None:
    # mice of the training cats: 0 0 1 3 3 3 3 3 3 9, quartiles 1.5, 3, 3: 0 and 1 are one level, 9 another
    mice = [*range(2)] * 3, [9] * 6
    row = pair(
        rows_for(*(cat(mice=i) for i in mice[0]), *(cat(coat="white", mice=i) for i in mice[1])),
        "coat",
        "mice",
    )
    assert row.v == 1


def test_null_is_a_level_and_missing_leaves_the_pair() -> None:
    texts = [cat(tame=None, home={"kind": "indoor"})] * 5 + [cat()] * 5
    row = pair(rows_for(*texts, cat(home={})), "tame", "home.kind")
    assert (row.n, row.v) == (10, 1)


def test_a_pair_that_could_not_leave_its_band_is_left_out() -> None:
    # one white and indoor, nine neither: they meet in 1 of 10 pairings, and nothing ties them closer
    texts = [cat(coat="white", home={"kind": "indoor"})] + [cat()] * 9
    rows = rows_for(*texts)
    assert not [row for row in rows_of(AssociationRow, rows) if row.attribute == "home.kind"]
    [reason] = [row.reason for row in rows_of(NotComputed, rows) if row.field == "coat × home.kind"]
    assert reason.endswith(
        "% of random pairings of these levels tie the fields as closely as any can; needs <= 2.5%"
    )
    assert float(reason.split("%")[0]) == pytest.approx(10, abs=4)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(6, 12))
def test_a_pair_is_left_out_just_where_no_table_leaves_the_band(a: int, b: int, n: int) -> None:
    # 2 x 2 tables with margins (a, n - a) and (b, n - b) are given by their first cell
    rows, columns = tuple(sorted((a, n - a))), tuple(sorted((b, n - b)))
    null = independent(rows, columns, draws=2000, seed=1)
    cells = range(max(0, a + b - n), min(a, b) + 1)
    tables = np.array([[[i, a - i], [b - i, n - a - b + i]] for i in cells], float)
    chances = np.array([hypergeom.pmf(i, n, a, b) for i in cells])
    v = strengths(tables)
    assume(not np.isnan(v).any())
    largest = chances[v == v.max()].sum()
    assume(abs(largest - 0.025) > 0.01)  # the sampled null is near the exact one
    assert (_mute(float(v[0]), null, 0.95) is None) == (largest < 0.025)


def test_what_cannot_be_computed_says_why() -> None:
    [few] = rows_for(cat(), cat())
    assert few == NotComputed(
        arm="tiny+lora/original",
        prompt=FREE.id,
        table="association",
        reason="profiles parsed: 2; needs n >= 4",
    )
    rows = rows_of(NotComputed, rows_for(*[cat()] * 4, *[cat(coat="white", breed="fox")] * 4, cat(home={})))
    reasons = {(row.table, row.field): row.reason for row in rows}
    assert reasons["association", "coat × home.kind"] == (
        "one of the fields has one and the same level (profiles: 8)"
    )
    assert reasons["amplification", "coat × breed"] == (
        "in the reference, one of the fields has one and the same level (profiles: 10)"
    )
    indoor = rows_of(NotComputed, rows_for(*[cat(), cat(coat="white", mice=0)] * 3, prompt=INDOOR.id))
    assert [row.reason for row in indoor if row.table == "amplification"] == [
        "2 of 10 training records with the prompt's given values; needs 5"
    ]


def test_as_many_levels_as_profiles_have_no_v() -> None:
    rows = rows_for(*(cat(coat="white" if i % 2 else "black", breed=f"{i}") for i in range(5)))
    assert not [row for row in rows_of(AssociationRow, rows) if row.attribute == "breed"]


@given(DEFINED)
def test_many_at_once_are_each_alone(table: np.ndarray) -> None:
    assume(table.shape == (2, 3))
    both = np.stack([table, table[::-1]]).astype(float)
    assert (strengths(both) == cramers_v(table)).all()
