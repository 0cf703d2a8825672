"""The shares behind the distances."""

from stages.common.records import Profile
from stages.common.tables.fidelity import DistributionRow
from stages.evaluate.cells import cells_of
from stages.evaluate.fidelity.distributions import distributions
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, RARE, cat, draws, study


def test_shares_and_their_bands() -> None:
    # coat: training 6 black, 4 white; generated 1 black, 1 white, 1 pink (invalid), 1 without
    bare: Profile = {key: value for key, value in cat().items() if key != "coat"}
    texts = [cat(), cat(coat="white"), cat(coat="pink"), bare]
    [cell] = cells_of(draws(*texts, "no profile"), study())
    rows = [row for row in rows_of(DistributionRow, distributions(cell, study())) if row.variable == "coat"]
    shares = {row.level: (row.share_generated, row.share_reference) for row in rows}
    assert shares == {"black": (0.5, 0.6), "white": (0.5, 0.4)}
    # none black of 2 or both: neither is rare
    bands = {row.level: (row.n, row.band_low, row.band_high) for row in rows}
    assert bands == {"black": (2, 0, 1), "white": (2, 0, 1)}


def test_a_band_narrows_with_n() -> None:
    # 40 draws of .6: mean 24, standard deviation 3.1, but 6 of 10 people may stand for .3 or .85
    [cell] = cells_of(draws(*[cat()] * 40), study())
    black = next(
        row for row in rows_of(DistributionRow, distributions(cell, study())) if row.level == "black"
    )
    assert (black.band_low, black.band_high) == (11 / 40, 35 / 40)


def test_nothing_to_compare_makes_no_rows() -> None:
    [unparsed] = cells_of(draws("no"), study(FREE))
    [rare] = cells_of(draws(cat(), prompt_id=RARE.id), study())
    assert [*distributions(unparsed, study()), *distributions(rare, study())] == []
