"""Rows of contrasts: declared with Holm, exploratory with Benjamini-Hochberg."""

import pytest

from stages.common.records import Completion
from stages.common.tables.base import NotComputed
from stages.common.tables.contrasts import ContrastRow
from stages.evaluate.cells import Cell, Study, cells_of
from stages.evaluate.chance.multiple import benjamini_hochberg, holm
from stages.evaluate.contrasts.exploratory import exploratory
from stages.evaluate.contrasts.family import declared
from stages.evaluate.rows import rows_of
from stages.shell.errors import UserError
from tests.evaluate.fakes import CONTRAST, FREE, PARAMS, cat, contrast, draws, study

ARMS = CONTRAST.arm_a, CONTRAST.arm_b
ASSOCIATION = contrast("association", field="coat", attribute="mice", calibration_only=True)


def arms(n_white_a: int, n_white_b: int, n: int = 10) -> list[Completion]:
    counts = zip(ARMS, (n_white_a, n_white_b), strict=True)
    return [
        row
        for arm, k in counts
        for row in draws(*[cat(coat="white" if i < k else "black", mice=i) for i in range(n)], arm=arm)
    ]


def with_contrasts(*contrasts: object) -> Study:
    return study(params=PARAMS.model_copy(update={"contrasts": [*contrasts]}))


def cells(*args: int) -> list[Cell]:
    return cells_of(arms(*args), study())


def test_a_declared_contrast() -> None:
    # 0 of 10 against 5 of 10: Fisher's p = .0325; Holm with the other test (p = 1): 2 x .0325
    rows = rows_of(ContrastRow, declared(cells(0, 5), study()))
    white, valid = rows
    assert (white.contrast, white.kind, white.primary) == ("coat-white", "declared", True)
    assert white.about_conditions
    assert (white.n_a, white.n_b, white.value_a, white.value_b, white.difference) == (10, 10, 0, 0.5, 0.5)
    assert white.p == pytest.approx(0.0325, abs=1e-4)
    assert [row.p_adjusted for row in rows] == pytest.approx(holm([white.p, valid.p]))
    # 5 of 20 in all: 95 % of exchanges leave a difference of at most 3 of 10
    assert (white.band_low, white.band_high) == pytest.approx((-0.3, 0.3))
    assert (valid.statistic, valid.p, valid.difference) == ("valid", 1, 0)


def test_arms_without_completions_are_named() -> None:
    missing = contrast("valid", arm_a="claude/original", primary=True)
    [row] = declared(cells(1, 1), with_contrasts(missing))
    assert isinstance(row, NotComputed)
    assert row.reason == "no completions of claude/original"


def test_associations_wait_for_the_calibration() -> None:
    given = with_contrasts(CONTRAST, ASSOCIATION)
    assert [type(row) for row in declared(cells(3, 3), given)] == [ContrastRow, NotComputed]
    rows = rows_of(ContrastRow, declared(cells(3, 3), given, calibration=True))
    assert [row.statistic for row in rows] == ["share", "association"]
    assert (rows[1].field, rows[1].level) == ("coat", "mice")


def test_holm_counts_only_what_was_tested() -> None:
    missing = contrast("valid", arm_a="claude/original")
    [row, _] = declared(cells(0, 5), with_contrasts(CONTRAST, missing))
    assert isinstance(row, ContrastRow)
    assert row.p_adjusted == row.p


def test_what_does_not_exist_ends_the_stage() -> None:
    wrong = contrast("share", field="shoe", level="red", primary=True)
    with pytest.raises(UserError, match="field shoe"):
        list(declared(cells(1, 1), with_contrasts(wrong)))


def test_everything_else_is_exploratory() -> None:
    rows = rows_of(ContrastRow, exploratory(cells(0, 5), with_contrasts(contrast("valid", primary=True))))
    # coat: one of two levels; tame, home and breed are the same in all draws; mice is a number
    found = [(row.statistic, row.field, row.level) for row in rows]
    assert found == [("share", "coat", "black"), ("mean", "mice", "")]
    assert {(row.kind, row.contrast, row.primary) for row in rows} == {("exploratory", "", False)}
    assert {(row.arm_a, row.arm_b, row.prompt) for row in rows} == {(*ARMS, FREE.id)}
    assert [row.p_adjusted for row in rows] == benjamini_hochberg([row.p for row in rows])


@pytest.mark.parametrize("level", ["black", "white"])
def test_what_is_declared_is_not_explored_again(level: str) -> None:
    one = CONTRAST.model_copy(update={"level": level})
    rows = rows_of(ContrastRow, exploratory(cells(0, 5), with_contrasts(one)))
    assert [row.field for row in rows] == ["mice"]
