"""Different numbers: counted by hand, with the band of as few people."""

from stages.common.tables.base import NotComputed, Row
from stages.common.tables.variety import DifferentNumbersRow
from stages.evaluate.cells import cells_of
from stages.evaluate.variety.different_numbers import different_numbers
from tests.evaluate.fakes import RARE, cat, draws, study
from tests.evaluate.variety.test_counts import cell


def of(*mice: object) -> Row:
    [row] = different_numbers(cell(*(cat(mice=n) for n in mice)), study())
    return row


def test_known_counts() -> None:
    row = of(3, 3.0, 5, "5", None, 7, 5)
    assert isinstance(row, DifferentNumbersRow)
    # "5" and null are no numbers
    assert (row.n, row.n_different, row.most_frequent, row.n_most_frequent) == (5, 3, 3.0, 2)


def test_of_equally_frequent_numbers_the_smallest_is_named() -> None:
    row = of(10, 10, 9, 9)
    assert isinstance(row, DifferentNumbersRow)
    assert row.most_frequent == 9


def test_the_band_is_that_of_as_few_people() -> None:
    # of 10 cats 6 have 3 mice, the others 0, 0, 1 and 9: ten of them are all alike in .6^10 = 0.6 % of cases
    row = of(*[4] * 10)
    assert isinstance(row, DifferentNumbersRow)
    assert (row.band.band_low, row.band.band_high) == (2, 4)
    assert row.band.percentile is not None
    assert row.band.percentile < 1


def test_without_numbers_it_is_not_computed() -> None:
    row = of(None, "many")
    assert isinstance(row, NotComputed)
    assert (row.field, row.reason) == ("mice", "no profile has a valid number")


def test_without_people_to_compare_with_it_is_not_computed() -> None:
    [rare] = cells_of(draws(cat(), cat(), prompt_id=RARE.id), study())
    [row] = different_numbers(rare, study())
    assert isinstance(row, NotComputed)
    assert row.reason == rare.reference.reason
