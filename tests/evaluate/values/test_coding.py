"""Fields as codes."""

import numpy as np

from stages.common.fields import Field
from stages.common.records import Profile
from stages.evaluate.cells import cells_of
from stages.evaluate.values.coding import NONE, coded
from tests.evaluate.fakes import cat, draws, schema, study, training

BARE: Profile = {key: value for key, value in cat().items() if key not in ("coat", "mice")}


def field(path: str) -> Field:
    found = schema().field(path)
    assert found is not None
    return found


def test_levels_as_numbers() -> None:
    # black, white, other
    [cell] = cells_of(draws(cat(coat="white"), BARE, cat(coat="pink")), study())
    coat = coded(field("coat"), cell.content, cell.reference.profiles)
    assert coat.n_levels == 3
    assert coat.generated.tolist() == [1, NONE, NONE]
    assert coat.reference.tolist() == [0] * 6 + [1] * 4


def test_numbers_by_quartile() -> None:
    # training 0 0 1 3 3 3 3 3 3 9: quartiles 1.5, 3, 3, so three bins; then null, other
    profiles = [cat(mice=mice) for mice in (0, 1.5, 3, 9, 100, None, "many", True)] + [BARE]
    found = coded(field("mice"), profiles, training())
    assert found.generated.tolist() == [0, 0, 1, 2, 2, 3, 4, 4, NONE]
    [cell] = cells_of(draws(*profiles), study())
    mice = coded(field("mice"), cell.content, cell.reference.profiles)
    assert mice.n_levels == 5
    # what the schema refuses is no value
    assert mice.generated.tolist() == [0, 0, 1, 2, 2, 3, NONE, NONE, NONE]
    assert mice.written.tolist() == [0, 0, 1, 2, 2, 3]
    assert np.bincount(mice.reference).tolist() == [3, 6, 1]


def test_a_number_of_hundreds_of_digits_is_in_the_last_bin() -> None:
    [cell] = cells_of(draws(cat(mice=10**400), cat(mice=0)), study())
    assert coded(field("mice"), cell.content, cell.reference.profiles).generated.tolist() == [2, 0]
