"""Clopper-Pearson against published values and its own law."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtr

from stages.evaluate.intervals.rates import Tally, clopper_pearson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # 1 - 0.025 ** (1 / 10)
        (10, 10, 0.6915, 1.0),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (81, 263, 0.2527, 0.3676),  # Agresti & Coull 1998; Newcombe 1998, table I
    ],
)
def test_published_values(k: int, n: int, low: float, high: float) -> None:
    assert clopper_pearson(k, n) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(1, 300), st.data())
def test_each_end_leaves_half_of_what_is_not_covered(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    low, high = clopper_pearson(k, n, 0.9)
    assert 0 <= low <= k / n <= high <= 1
    if k < n:
        assert bdtr(k, n, high) == pytest.approx(0.05, abs=1e-8)
    if k > 0:
        assert 1 - bdtr(k - 1, n, low) == pytest.approx(0.05, abs=1e-8)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        clopper_pearson(k, n)


def test_rate() -> None:
    found = Tally([True, False, False, False], range(4)).rate(0.95)
    assert (found.rate, found.low, found.high) == (0.25, *clopper_pearson(1, 4))
