"""Sums over the rows of other tables: answers worked out by hand."""

from typing import Any

import pytest
from scipy.stats import binomtest

from stages.common.tables.base import Band, Rate, Row
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.common.tables.fidelity import CoverageRow, DatasetRow, TotalVariationRow
from stages.common.tables.format import ConversationRow, DomainRow, PresenceRow
from stages.common.tables.totals import (
    CompletenessRow,
    CoverageSumRow,
    MeanVariationRow,
    OutsideRow,
    RepeatsRow,
)
from stages.common.tables.variety import CopiesRow, DiversityRow
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from stages.evaluate.totals import totals
from tests.evaluate.fakes import cat, draws, study
from tests.report.study import made

HERE: dict[str, Any] = {"arm": "tiny+lora/original", "prompt": "any-cat", "n_drawn": 4, "n_readable": 3}
THERE: dict[str, Any] = {**HERE, "arm": "tiny/none", "n_readable": 1}
BOUND: dict[str, Any] = {**HERE, "arm": "tiny+constrained/none"}


def present(n_present: int) -> PresenceRow:
    rate = Rate(rate=n_present / 15, low=0.0, high=1.0)
    return made(PresenceRow, **HERE, n=15, n_present=n_present, rate=rate)


@pytest.mark.parametrize(("missing", "is_selection"), [(25, True), (8, True), (7, False)])
def test_a_selection_has_less_than_half_of_what_all_draws_could_have_said(missing: int, is_selection: bool):
    # 3 of 4 draws, 30 fields: half of what 4 draws could have said is 20; 3 values are invalid
    refused = {"outside": "schema", "of": "generated"}
    rows = [
        present(15 - missing // 2),
        present(15 - (missing + 1) // 2),
        made(DomainRow, **HERE, **refused, n_outside=3),
        made(DomainRow, **HERE, **{**refused, "outside": "training"}, n_outside=7),
    ]
    [found] = rows_of(CompletenessRow, totals(rows, 0.95))
    assert (found.n_fields, found.n_missing, found.n_invalid) == (30, missing, 3)
    assert found.presence == pytest.approx((30 - missing) / 30)
    assert found.left == pytest.approx((27 - missing) / 40)
    assert found.is_selection == is_selection


def distance(field: str, tv: float, **changes: Any) -> TotalVariationRow:
    given = {"low": tv - 0.1, "high": tv + 0.1, "band": Band(band_low=0.0, band_high=tv / 2 + 0.1)}
    return made(TotalVariationRow, **HERE, field=field, tv=tv, **{"role": "protected", **given, **changes})


def test_a_mean_distance_is_one_of_protected_fields():
    rows = [distance("coat", 0.2), distance("tame", 0.4), distance("home.kind", 0.9, role="attribute")]
    [found] = rows_of(MeanVariationRow, totals(rows, 0.95))
    assert found.n_fields == 2
    assert (found.tv, found.low, found.high) == pytest.approx((0.3, 0.2, 0.4))
    assert (found.band_low, found.band_high) == pytest.approx((0.0, 0.25))


def test_the_mean_of_some_fields_ends_is_none():
    rows = [distance("coat", 0.2, low=None, high=None), distance("tame", 0.4, band=Band())]
    [found] = rows_of(MeanVariationRow, totals(rows, 0.95))
    assert found.tv == pytest.approx(0.3)
    assert (found.low, found.high, found.band_low, found.band_high) == (None, None, None, None)


def test_levels_are_added_up_over_the_fields_of_a_cell():
    fields = [(2, 2.5), (3, 1.25)]
    rows: list[Row] = [made(CoverageRow, **HERE, n_levels=n, n_levels_expected=mean) for n, mean in fields]
    rows.append(made(CoverageRow, **THERE, n_levels=1, n_levels_expected=1.0))
    first, second = rows_of(CoverageSumRow, totals(rows, 0.95))
    assert (first.n_fields, first.n_levels, first.n_levels_expected) == (2, 5, 3.75)
    assert (second.key, second.n_levels) == (("tiny/none", "any-cat"), 1)


def test_repeats_are_those_of_all_arms_that_no_grammar_shaped():
    rows = [
        row
        for where in (HERE, THERE, BOUND)
        for row in (
            made(DiversityRow, **where, n=where["n_readable"], n_distinct=1),
            made(CopiesRow, **where, n=where["n_readable"], n_copies=where["n_readable"]),
        )
    ]
    [found] = rows_of(RepeatsRow, totals(rows, 0.95))
    assert (found.n, found.n_distinct, found.n_copies, found.n_readable, found.n_drawn) == (4, 2, 4, 4, 8)


def test_numbers_outside_their_bands_stand_beside_what_chance_puts_there():
    distances = [distance("coat", tv) for tv in (0.1, 0.4, 0.5)]  # bands up to 0.15, 0.3 and 0.35
    none = [distance("tame", 0.5, band=Band()), distance("home.kind", 0.9, role="attribute")]
    pairs = [made(AssociationRow, **where, v=0.5, band_high=0.4) for where in (HERE, HERE, THERE, BOUND)]
    ends = {"amplification_low": -0.1, "amplification_high": 0.1}
    closer = [made(AmplificationRow, **HERE, amplification=v, **ends) for v in (-0.2, 0.0, 0.2)]
    found = rows_of(OutsideRow, totals([*distances, *none, *pairs, *closer], 0.9))
    assert [(row.table, row.n, row.n_outside, row.n_readable, row.n_drawn) for row in found] == [
        ("total_variation", 3, 2, 3, 4),
        ("association", 3, 3, 4, 8),
        ("amplification", 3, 2, 3, 4),
    ]
    # 5 % above a band, 10 % on either side of it
    assert [row.n_by_chance for row in found] == pytest.approx([0.15, 0.15, 0.3])


def test_what_none_shows_may_be_true_of_as_much_as_the_exact_interval_allows():
    [row] = rows_of(ConversationRow, evaluate(draws(*[cat()] * 7), study()).rows)
    assert row.unseen_high == pytest.approx(binomtest(0, 7).proportion_ci(0.95, "exact").high)


def test_the_datasets_are_compared_by_their_training_splits():
    # 6 of 10 cats of the original are black, none of the augmented ones; all are tame
    found = rows_of(DatasetRow, evaluate(draws(cat()), study()).rows)
    assert [(row.field, row.tv) for row in found] == [("coat", pytest.approx(0.6)), ("tame", 0.0)]
