"""Vendi score, mean distance, distinct profiles: their nulls and intervals."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from stages.common.records import Profile
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.variety import VarietyBandRow, VarietyRow
from stages.evaluate.cells import cells_of
from stages.evaluate.chance.nulls import null_counts, perfect_samplers
from stages.evaluate.intervals.jackknife import jackknife, without_groups
from stages.evaluate.rows import rows_of
from stages.evaluate.values.similarity import jaccard, similarities, words_of
from stages.evaluate.variety.diversity import vendi_scores
from stages.evaluate.variety.measures import variety
from stages.evaluate.variety.samplers import (
    mean_distance,
    null_distinct,
    null_mean_distances,
    null_vendi_scores,
)
from tests.evaluate.fakes import FREE, INDOOR, PARAMS, cat, draws, schema, study

POINTS = st.lists(st.integers(0, 9), min_size=2, max_size=8)


def kernel(points: list[int]) -> np.ndarray:
    """The triangle kernel: max(0, 1 - |a - b| / 4)."""
    places = np.array(points)
    return np.maximum(0, 1 - np.abs(places[:, None] - places) / 4)


def vendi_score(similarity: ArrayLike) -> float:
    return float(vendi_scores(np.asarray(similarity, float)))


def test_vendi_of_two_halves_alike() -> None:
    # two pairs of twins: K / 4 has the eigenvalues 1/2, 1/2, 0, 0: exp(2 * 1/2 ln 2) = 2
    twins = np.kron(np.eye(2), np.ones((2, 2)))
    assert vendi_score(twins) == pytest.approx(2)


def test_vendi_of_two_half_alike() -> None:
    # K / 2 has the eigenvalues (1 + 1/2) / 2 and (1 - 1/2) / 2
    expected = np.exp(-0.75 * np.log(0.75) - 0.25 * np.log(0.25))
    assert vendi_score([[1, 0.5], [0.5, 1]]) == pytest.approx(expected)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_vendi_of_nothing_and_all_in_common(n: int) -> None:
    assert vendi_score(np.eye(n)) == pytest.approx(n)
    assert vendi_score(np.ones((n, n))) == pytest.approx(1)


@given(POINTS, st.randoms())
def test_vendi_is_between_1_and_n_in_any_order(points: list[int], random: Random) -> None:
    score = vendi_score(kernel(points))
    assert 1 <= score <= len({*points}) + 1e-6
    assert vendi_score(kernel(random.sample(points, len(points)))) == pytest.approx(score)


@given(POINTS)
def test_vendi_of_everyone_twice_is_the_same(points: list[int]) -> None:
    assert vendi_score(kernel(points * 2)) == pytest.approx(vendi_score(kernel(points)))


def test_vendi_drops_negative_eigenvalues_as_the_authors_package_does() -> None:
    # eigenvalues 1, 1 + .9 sqrt 2, 1 - .9 sqrt 2 < 0; the others stay as they are, ÷ 3
    shares = np.array([1, 1 + 0.9 * np.sqrt(2)]) / 3
    expected = np.exp(-(shares * np.log(shares)).sum())
    assert vendi_score([[1, 0.9, 0], [0.9, 1, 0.9], [0, 0.9, 1]]) == pytest.approx(expected)


def test_jaccard_of_words() -> None:
    # {a, b} and {b, c} share 1 of 3; what is missing is alike, and unlike an empty text
    sets = [words_of("A b."), words_of("b; c"), words_of(None), words_of(None), words_of("")]
    expected = np.eye(5)
    expected[0, 1] = expected[1, 0] = 1 / 3
    expected[2, 3] = expected[3, 2] = 1
    assert jaccard(sets) == pytest.approx(expected)


def test_similarity_is_the_mean_over_fields() -> None:
    # 6 fields: coat differs, mice 3 and 6 of a range of 6 are half alike, notes share 1 of 3 words
    pair = [cat(note="sleeps well"), cat(coat="white", mice=6, note="sleeps badly")]
    found = similarities(pair, schema(), {"mice": 6})
    assert found[0, 1] == pytest.approx((0 + 1 + 1 + 1 + 1 / 2 + 1 / 3) / 6)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.sampled_from(["x y", "y", "x"]))))
def test_similarity_is_a_kernel(facts: list[tuple[str, int, str]]) -> None:
    profiles = [cat(coat=coat, mice=mice, note=note) for coat, mice, note in facts]
    if profiles:
        assert 1 <= vendi_score(similarities(profiles, schema(), {"mice": 4})) <= len(profiles)


def test_mean_distance_leaves_the_diagonal_out() -> None:
    # distances 1/2, 1, 1 of three pairs
    assert mean_distance(np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])) == pytest.approx(2.5 / 3, abs=1e-8)


def test_jackknife_of_a_mean_is_students_interval() -> None:
    # 1 2 3 4: mean 2.5, variance 5/3, error sqrt(5/12); t of 3 degrees of freedom is 3.182446
    left_out = [3.0, 8 / 3, 7 / 3, 2.0]
    low, high = jackknife(2.5, left_out, 0.95)
    assert (low, high) == pytest.approx((2.5 - 3.182446 * np.sqrt(5 / 12), 2.5 + 3.182446 * np.sqrt(5 / 12)))


def test_jackknife_needs_two_groups() -> None:
    with pytest.raises(ValueError, match="needs 2"):
        jackknife(1.0, [1.0], 0.95)


def test_one_is_left_out_after_another_and_of_many_one_in_twenty() -> None:
    assert without_groups(lambda matrix: float(len(matrix)), np.eye(4), np.arange(4)) == [3] * 4
    assert without_groups(lambda matrix: float(len(matrix)), np.eye(40), np.arange(40)) == [38] * 20


def test_the_interval_of_ten_holds_the_true_mean_distance() -> None:
    rng = np.random.default_rng(1)
    everyone = kernel([0, 1, 2, 3, 4, 5, 6, 7])
    true = float((1 - everyone).mean())
    held = 0
    for _ in range(400):
        rows = rng.integers(8, size=10)
        drawn = everyone[np.ix_(rows, rows)]
        low, high = jackknife(
            mean_distance(drawn), without_groups(mean_distance, drawn, np.arange(len(drawn))), 0.95
        )
        held += low <= true <= high
    assert held / 400 >= 0.9


def test_null_of_distinct() -> None:
    # 2 draws of 2 people: the same one in half of the cases
    null = null_distinct(["a", "b"], 2, PARAMS.model_copy(update={"null_draws": 4000}))
    assert {*null} == {1.0, 2.0}
    assert null.mean() == pytest.approx(1.5, abs=0.03)


def test_null_of_pairs_is_that_of_the_people_drawn() -> None:
    # 2 draws of 2 people who have nothing in common: distance 1 and score 2, or both the same person
    apart = np.eye(2)
    distances, scores = null_mean_distances(apart, 2, PARAMS), null_vendi_scores(apart, 2, PARAMS)
    assert {*distances} == {0.0, 1.0}
    assert (scores == 1 + distances).all()


def test_null_of_vendi_is_that_of_everyone_drawn() -> None:
    # who is drawn twice stands in the matrix twice
    everyone = kernel([0, 1, 1, 3, 9])
    drawn = perfect_samplers(5, 8, draws=PARAMS.null_draws, seed=PARAMS.seed, fixed=True)
    expected = [vendi_score(everyone[np.ix_(people, people)]) for people in drawn]
    assert null_vendi_scores(everyone, 8, PARAMS) == pytest.approx(expected)


def rows_for(*profiles: Profile | str, prompt: str = FREE.id, **changes: object) -> list[Row]:
    return list(variety(cells_of(draws(*profiles, prompt_id=prompt), study(**changes)), study(**changes)))


def test_an_arm_that_repeats_itself_is_below_its_band() -> None:
    rows = rows_for(*[cat()] * 10)
    bands = {row.measure: row for row in rows_of(VarietyBandRow, rows)}
    assert {name: row.value for name, row in bands.items()} == {
        "distinct": 1,
        "distinct_facts": 1,
        "mean_distance": 0,
        "vendi_score": 1,
    }
    for row in bands.values():
        assert row.value < row.band.band_low
        assert (row.n, row.n_used, row.n_draws) == (10, 10, 500)
        # of 10 people, 6 have the same facts: .6^10 = .6 % of samplers draw them alone
        assert row.band.percentile == pytest.approx(0, abs=1)
    assert [(row.low, row.high) for row in rows_of(VarietyRow, rows)] == [(0, 0), (1, 1)]


def test_an_arm_that_copies_its_data_is_inside_its_band() -> None:
    people = study().training["original"]
    rows = rows_of(VarietyBandRow, rows_for(*(people[i] for i in (0, 0, 1, 2, 3, 3, 6, 7, 7, 9))))
    assert len(rows) == 4
    assert all(row.band.band_low <= row.value <= row.band.band_high for row in rows)


def test_many_are_subsampled_and_say_so() -> None:
    rows = rows_for(*(cat(mice=i) for i in range(120)))
    assert {(row.n, row.n_used) for row in rows_of(VarietyRow, rows)} == {(120, PARAMS.max_pairwise)}
    bands = {row.measure: row for row in rows_of(VarietyBandRow, rows)}
    assert (bands["distinct"].value, bands["distinct"].n_used) == (120, 120)
    assert (bands["vendi_score"].n_used, bands["vendi_score"].n_draws) == (PARAMS.max_pairwise, 400)


def test_without_a_reference_there_is_no_band() -> None:
    rows = rows_for(*[cat()] * 3, prompt=INDOOR.id)
    [left_out] = rows_of(NotComputed, rows)
    assert left_out.reason.startswith("2 of 10 training records")
    assert len(rows_of(VarietyRow, rows)) == 2
    assert not rows_of(VarietyBandRow, rows)


def test_two_profiles_are_too_few() -> None:
    [row] = rows_for(cat(), cat(), "sorry")
    assert isinstance(row, NotComputed)
    assert row.reason == (
        "profiles with valid values in all 6 compared fields: 2 of 2 readable; needs n >= 3"
    )


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=12), st.integers(1, 9))
def test_distinct_draws_are_levels_with_a_count(partition: list[str], n: int) -> None:
    codes = np.unique(np.array(partition), return_inverse=True)[1]
    counts = null_counts(
        codes, int(codes.max()) + 1, n, draws=PARAMS.null_draws, seed=PARAMS.seed, fixed=True
    )
    assert (null_distinct(partition, n, PARAMS) == np.count_nonzero(counts, axis=1)).all()
