"""Fields as codes."""

import numpy as np

from stages.common.fields import Field
from stages.common.records import Profile
from stages.evaluate.cells import cells_of
from stages.evaluate.coding import coded, quartile_codes, quartiles, values_of
from tests.evaluate.fakes import cat, draws, schema, study, training

BARE: Profile = {key: value for key, value in cat().items() if key not in ("coat", "mice")}


def field(path: str) -> Field:
    found = schema().field(path)
    assert found is not None
    return found


def test_levels_as_numbers() -> None:
    # black, white, (missing), (other)
    [cell] = cells_of(draws(cat(coat="white"), BARE, cat(coat="pink")), study())
    coat = coded(field("coat"), cell)
    assert coat.n_levels == 4
    assert coat.generated.tolist() == [1, 2, 3]
    assert coat.reference.tolist() == [0] * 6 + [1] * 4


def test_numbers_by_quartile() -> None:
    # training 0 0 1 3 3 3 3 3 3 9: quartiles 1.5, 3, 3, so three bins; then null, missing, other
    profiles = [cat(mice=mice) for mice in (0, 1.5, 3, 9, 100, None, "many", True)] + [BARE]
    edges = quartiles(values_of(field("mice"), training()))
    assert edges.tolist() == [1.5, 3]
    assert quartile_codes(field("mice"), profiles, edges).tolist() == [0, 0, 1, 2, 2, 3, 5, 5, 4]
    [cell] = cells_of(draws(*profiles), study())
    mice = coded(field("mice"), cell)
    assert mice.n_levels == 6
    assert max(mice.generated) == 5
    assert np.bincount(mice.reference).tolist() == [3, 6, 1]


def test_a_number_that_nobody_has_makes_one_bin() -> None:
    edges = quartiles(values_of(field("mice"), [cat(mice=None)]))
    assert quartile_codes(field("mice"), [cat(), cat(mice=None)], edges).tolist() == [0, 1]
