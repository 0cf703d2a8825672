"""Representation ratios."""

from copy import deepcopy

import pytest
from scipy.stats import betabinom

from stages.common.prompts import AskedPrompt
from stages.common.schema import ProfileSchema
from stages.common.tables.base import NotComputed
from stages.common.tables.bias import RepresentationRow
from stages.evaluate.bias.representation import representation
from stages.evaluate.cells import cells_of
from stages.evaluate.intervals.rates import clopper_pearson
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import RARE, SCHEMA, cat, draws, study

BLACK = AskedPrompt(id="black-cat", given={"coat": "black"}, template="A cat: {fields}")


def test_against_the_dataset_and_against_parity() -> None:
    # 1 of 4 is black, in training 6 of 10; two coats, so parity is 1/2; pink is no coat of the schema
    [cell] = cells_of(draws(cat(), *[cat(coat="white")] * 3, cat(coat="pink"), "no profile"), study())
    rows = rows_of(RepresentationRow, representation(cell, study()))
    dataset, parity = (row for row in rows if (row.field, row.level) == ("coat", "black"))
    assert (dataset.against, dataset.n, dataset.n_level, dataset.share_against) == ("dataset", 4, 1, 0.6)
    assert dataset.ratio == pytest.approx(0.25 / 0.6)
    low, high = clopper_pearson(1, 4)
    assert (dataset.low, dataset.high) == pytest.approx((low / 0.6, high / 0.6))
    # 6 of 10 stand for a share that is spread as beta(6.5, 4.5)
    none, one = (float(betabinom.pmf(k, 4, 6.5, 4.5)) for k in (0, 1))
    assert (dataset.band.band_low, dataset.band.band_high) == pytest.approx((0, 1 / 0.6))
    assert dataset.band.percentile == pytest.approx(100 * (none + one / 2))
    assert dataset.p == pytest.approx(2 * (none + one))
    assert (parity.against, parity.share_against, parity.ratio) == ("parity", 0.5, 0.5)
    # parity is exact: 0 or 1 of 4 in 5 of 16 cases
    assert parity.p == pytest.approx(10 / 16)


def test_a_level_that_nobody_has_is_left_out_against_the_dataset() -> None:
    # no cat of the training is wild; null is no group
    [cell] = cells_of(draws(cat(tame=False), cat(tame=None)), study())
    rows = list(representation(cell, study()))
    left_out = rows_of(NotComputed, rows)
    assert [(row.field, row.reason) for row in left_out] == [
        ("tame", "level false: nobody in the reference has it")
    ]
    tame = [
        (row.level, row.against, row.ratio) for row in rows_of(RepresentationRow, rows) if row.field == "tame"
    ]
    assert tame == [("true", "dataset", 0), ("true", "parity", 0), ("false", "parity", 1)]


def test_a_field_that_the_prompt_fixes_is_left_out() -> None:
    [cell] = cells_of(draws(cat(), prompt_id=BLACK.id), study(BLACK))
    rows = list(representation(cell, study(BLACK)))
    assert rows[0] == NotComputed(
        **cell.where, table="representation", field="coat", reason="the prompt fixes it; see adherence"
    )
    assert {row.field for row in rows_of(RepresentationRow, rows)} == {"tame"}


def test_without_a_reference_parity_stands() -> None:
    [cell] = cells_of(draws(cat(), prompt_id=RARE.id), study())
    rows = list(representation(cell, study()))
    assert {row.against for row in rows_of(RepresentationRow, rows)} == {"parity"}
    [left_out] = rows_of(NotComputed, rows)
    assert (left_out.table, left_out.contrast) == ("representation", "dataset")


def test_nothing_parsed_is_left_out() -> None:
    [cell] = cells_of(draws("no"), study())
    assert [row.reason for row in rows_of(NotComputed, representation(cell, study()))] == [
        "no profile parsed"
    ]


def test_a_level_that_everybody_has_gives_no_p_of_0() -> None:
    # every cat of the augmented training is white, but they are 10: 1 of 2 further ones may be black
    [cell] = cells_of(draws(cat(), cat(coat="white"), arm="tiny+lora/augmented"), study())
    rows = rows_of(RepresentationRow, representation(cell, study()))
    white = next(row for row in rows if row.level == "white")
    assert (white.against, white.share_against, white.n_level) == ("dataset", 1, 1)
    assert white.p == pytest.approx(2 * betabinom.cdf(1, 2, 10.5, 0.5))


def test_what_an_arm_invents_does_not_move_parity() -> None:
    # the schema names no breeds; two are in the training of one condition, a third in the other's
    node = deepcopy(SCHEMA)
    node["properties"]["breed"]["x-role"] = "protected"
    people = {"original": [cat(breed="mix"), cat(breed="fox")], "augmented": [cat(breed="tabby")]}
    some = study(RARE, schema=ProfileSchema(node, "cats.json"), training=people)
    [cell] = cells_of(draws(cat(), cat(breed="dragon"), prompt_id=RARE.id), some)
    rows = [row for row in rows_of(RepresentationRow, representation(cell, some)) if row.field == "breed"]
    assert {row.level: row.n_level for row in rows} == {"fox": 0, "mix": 1, "tabby": 0}
    assert {(row.against, row.share_against, row.n) for row in rows} == {("parity", 1 / 3, 2)}
