"""Values exchanged within blocks, against all exchanges."""

from itertools import permutations

import numpy as np
import pytest

from stages.evaluate.chance.dealing import exchanged

RUN: dict[str, int] = {"draws": 4000, "seed": 1}


def test_every_exchange_is_as_likely_as_any_other() -> None:
    # of 0, 1, 1, 5 the first two places get a sum of 1, 1, 2, 5, 6, 6 out of 6 choices of a pair
    values, cells = np.array([[0.0], [1], [1], [5]]), [("p", "a"), ("p", "a"), ("p", "b"), ("p", "b")]
    sums = exchanged(values, cells, **RUN)
    assert sums.shape == (4000, 2, 1)
    assert (sums.sum(axis=1) == 7).all()
    all_of_them = [a + b for a, b, *_ in permutations([0, 1, 1, 5])]
    for total in (1, 2, 5, 6):
        expected = all_of_them.count(total) / len(all_of_them)
        # 4 standard errors
        assert (sums[:, 0, 0] == total).mean() == pytest.approx(expected, abs=4 * (0.25 / 4000) ** 0.5)


def test_nothing_leaves_its_block() -> None:
    values = np.array([[1.0, 0], [2, 0], [0, 3], [0, 4]])
    cells = [("p", "a"), ("p", "b"), ("q", "a"), ("q", "b")]
    sums = exchanged(values, cells, **RUN)
    assert (sums[:, :2].sum(axis=1) == [3, 0]).all()
    assert (sums[:, 2:].sum(axis=1) == [0, 7]).all()


@pytest.mark.parametrize(
    ("values", "cells"),
    [([[2.0], [2], [2]], ["a", "a", "b"]), ([[1.0], [2], [4]], ["a", "a", "a"]), ([[3.0]], ["a"])],
)
def test_of_one_cell_or_of_equal_values_the_sums_stay(values: list[list[float]], cells: list[str]) -> None:
    sums = exchanged(np.array(values), [("p", cell) for cell in cells], **RUN)
    starts = [cells.index(cell) for cell in dict.fromkeys(cells)]
    assert (sums == np.add.reduceat(np.array(values), starts)).all()
