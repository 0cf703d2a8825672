"""Joint fidelity: what margins explain, and what they do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.prompts import AskedPrompt
from stages.common.records import Profile
from stages.common.tables.base import NotComputed
from stages.common.tables.fidelity import JointExcessRow
from stages.evaluate.cells import Study, cells_of
from stages.evaluate.chance.nulls import null_counts
from stages.evaluate.fidelity.fitting import _excess, joint_excess, with_one_more
from stages.evaluate.fidelity.joint import joint
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import PARAMS, cat, draws, study, training

EVEN = np.full((2, 2), 0.25)
TABLES = st.lists(st.integers(1, 20), min_size=6, max_size=6).map(
    lambda counts: np.reshape(counts, (2, 3)) / sum(counts)
)


def test_right_margins_hide_a_wrong_joint() -> None:
    # both margins are 1/2; each cell is 1/4 away: half the sum is 1/2
    assert joint_excess(np.array([[0.5, 0], [0, 0.5]]), EVEN) == 0.5
    # nobody of the reference is off the diagonal
    assert joint_excess(np.array([[0, 0.5], [0.5, 0]]), np.array([[0.5, 0], [0, 0.5]])) == 1


def test_wrong_margins_alone_are_no_excess() -> None:
    # independent in both
    assert joint_excess(np.outer([0.8, 0.2], [0.3, 0.7]), EVEN) == pytest.approx(0, abs=1e-9)
    # odds ratio 16 in both: .4 * .4 / (.1 * .1) and .64 * .16 / (.16 * .04)
    reference = np.array([[0.4, 0.1], [0.1, 0.4]])
    assert joint_excess(np.array([[0.64, 0.16], [0.04, 0.16]]), reference) == pytest.approx(0, abs=1e-4)


def test_a_level_that_the_reference_lacks_is_fitted_as_independent() -> None:
    reference = np.array([[0.5, 0.5], [0, 0]])
    assert joint_excess(EVEN, reference) == pytest.approx(0, abs=1e-9)
    # the new level comes with the first column only: 1/2 of its 1/2 is elsewhere, and so in the other row
    assert joint_excess(np.array([[0, 0.5], [0.5, 0]]), reference) == pytest.approx(0.5)


def test_margins_that_the_reference_meets_in_the_limit_alone_are_no_number() -> None:
    # nobody is in the last cell, and the first would have to be empty: each round gets there by less
    reference = np.array([[0.25, 0.25], [0.5, 0]])
    assert np.isnan(joint_excess(np.array([[0.5, 0], [0, 0.5]]), reference))
    # with one more person among 100, x^2 / .25 = odds ratio, so that x = .5 * sqrt(.0037) of the first cell
    smoothed = with_one_more(reference, 100)
    odds = smoothed[0, 0] * smoothed[1, 1] / (smoothed[0, 1] * smoothed[1, 0])
    x = 0.5 * np.sqrt(odds) / (1 + np.sqrt(odds))
    table = np.array([[0.5, 0], [0, 0.5]])
    fitted = _excess(table[:, :, None], smoothed[:, :, None])
    assert fitted == pytest.approx(1 - 2 * x, abs=1e-6)
    # further off than the smoothed reference itself, so the excess is the whole distance
    whole = np.abs(table - smoothed).sum() / 2
    assert joint_excess(table, smoothed) == pytest.approx(whole)
    assert whole < fitted[0]


def test_fitted_tables_have_the_margins() -> None:
    # a diagonal with little beside it takes many rounds
    reference = with_one_more(np.eye(4) / 4, 240)
    wanted = np.array([0.7, 0.1, 0.1, 0.1])
    table = np.outer(wanted, wanted[::-1])
    again = joint_excess(table, table * np.outer([1, 2, 3, 4], [4, 1, 1, 1]))
    assert again == pytest.approx(0, abs=1e-7)
    assert 0 < joint_excess(table, reference) < 1


@given(TABLES, TABLES)
def test_laws_of_the_excess(shares: np.ndarray, reference: np.ndarray) -> None:
    assert 0 <= joint_excess(shares, reference) <= np.abs(shares - reference).sum() / 2 + 1e-9
    assert joint_excess(reference, reference) == 0
    assert joint_excess(shares.T, reference.T) == pytest.approx(joint_excess(shares, reference), abs=1e-6)
    together = joint_excess(np.stack([shares, reference], axis=-1), reference)
    assert together.tolist() == [joint_excess(shares, reference), 0]


def rows_by_pair(*texts: Profile, among: Study | None = None) -> dict[tuple[str, str], JointExcessRow]:
    among = among or study()
    [cell] = cells_of(draws(*texts), among)
    return {(row.field, row.field_2): row for row in rows_of(JointExcessRow, joint(cell, among))}


def without(profile: Profile, *fields: str) -> Profile:
    return {key: value for key, value in profile.items() if key not in fields}


def test_rows_of_a_cell() -> None:
    # coat x kind, training: 6 black outdoor, 2 white outdoor, 2 white indoor; generated 1, 2, 1 of 4
    white = cat(coat="white")
    row = rows_by_pair(cat(), white, white, cat(coat="white", home={"kind": "indoor"}))["coat", "home.kind"]
    assert (row.n, row.roles) == (4, "protected x attribute")
    # no black cat is indoors in either, so that the margins settle the table
    assert row.excess == pytest.approx(0, abs=0.01)
    assert row.p > 0.2


def test_a_planted_wrong_joint_is_found() -> None:
    # the training's margins: 6 black and 4 white, 8 outdoor and 2 indoor; but the indoor ones are black
    indoor = {"kind": "indoor"}
    texts = [cat()] * 4 + [cat(coat="white")] * 4 + [cat(home=indoor)] * 2
    many = study(training={"original": training() * 4, "augmented": []})
    row = rows_by_pair(*texts * 3, among=many)["coat", "home.kind"]
    # one person beside 40 is spread as if the fields were independent: 8.6 of 41 instead of 8 of 40 and so on
    assert row.excess == pytest.approx(0.4, abs=0.01)
    assert row.excess > row.band.band_high
    assert row.p < 0.01


def test_omission_hides_no_wrong_pair_and_is_none() -> None:
    # everything is wrong in the one profile of ten that has both fields: black and indoor, which nobody is
    wrong = cat(home={"kind": "indoor"})
    all_there = rows_by_pair(*[wrong] * 10)["coat", "home.kind"]
    row = rows_by_pair(*[wrong] * 10, *[without(wrong, "coat", "home")] * 90)["coat", "home.kind"]
    assert row.n == 10
    assert row == all_there


def test_fields_that_are_never_there_together_cannot_be_compared() -> None:
    [cell] = cells_of(draws(without(cat(), "coat"), without(cat(), "home")), study())
    rows = list(joint(cell, study()))
    reason = "profiles with valid values in both fields: 0 of 2 readable; needs n >= 2"
    assert NotComputed(**cell.where, table="joint_excess", field="coat x home.kind", reason=reason) in rows


def test_every_pair_stands_once() -> None:
    pairs = list(rows_by_pair(cat(), cat()))
    # coat, tame, kind, breed, mice
    assert len(pairs) == 10
    assert ("breed", "mice") in pairs


def test_what_a_prompt_fixes_has_no_pairs() -> None:
    black = AskedPrompt(id="black-cat", given={"coat": "black"}, template="A cat: {fields}")
    [cell] = cells_of(draws(cat(), cat(), prompt_id=black.id), study(black))
    rows = rows_of(JointExcessRow, joint(cell, study(black)))
    assert rows
    assert all("coat" not in (row.field, row.field_2) for row in rows)


def test_a_large_table_is_left_out() -> None:
    small = study(params=PARAMS.model_copy(update={"max_joint_cells": 16}))
    [cell] = cells_of(draws(cat(), cat()), small)
    left_out = {row.field: row.reason for row in rows_of(NotComputed, joint(cell, small))}
    # tame: true, false, null, other; mice: three bins, null, other
    assert left_out["tame x mice"] == "20 cells; needs <= 16 (evaluate.max_joint_cells)"
    assert "coat x breed" not in left_out


@pytest.mark.parametrize("n_people", [400, 4000])
def test_counts_of_a_reference_that_is_drawn_anew(n_people: int) -> None:
    # people one by one, and counts where there are many: mean N p and variance N p (1 - p) either way
    shares = np.array([0.5, 0.3, 0.2])
    cells = np.repeat(np.arange(3), (shares * n_people).astype(int))
    counts = null_counts(cells, 3, n_people, draws=4000, seed=1, fixed=True)
    assert (counts.sum(axis=1) == n_people).all()
    assert counts.mean(axis=0) / n_people == pytest.approx(shares, abs=0.003)
    assert counts.var(axis=0) == pytest.approx(n_people * shares * (1 - shares), rel=0.12)
