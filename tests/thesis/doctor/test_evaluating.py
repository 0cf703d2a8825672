"""The memory of `evaluate` by arithmetic, against measured peaks."""

import pytest

from thesis.doctor.needs import Sizes, evaluate_bytes

GB = 10**9
DEFAULT = Sizes(characters=640 * 270, n_fields=13, n_cells=15, draws=10, null_draws=10_000, joint_cells=400)


@pytest.mark.parametrize(
    ("changed", "measured"),
    [
        ({}, 0.34),  # the default study: 240 and 80 people of each file
        ({"characters": 32_000 * 270}, 0.75),  # 12,000 and 4,000
        ({"characters": 640 * 2300, "n_fields": 125}, 0.47),  # 112 fields more
    ],
)
def test_the_calculated_memory_is_within_a_fifth_of_the_peak(
    changed: dict[str, int], measured: float
) -> None:
    sizes = Sizes(**{**vars(DEFAULT), **changed})
    assert evaluate_bytes(sizes) == pytest.approx(measured * GB, rel=0.2)
