"""Intervals of differences against published ones, and how often they hold the truth."""

import numpy as np
import pytest

from stages.evaluate.contrasts.interval import jackknife_error, newcombe, student
from stages.evaluate.contrasts.permutation import mean_score


def test_newcombes_own_example() -> None:
    # Newcombe 1998, table II: 56/70 against 48/80, method 10: 0.0524 to 0.3339
    assert newcombe(48 / 80, 80, 56 / 70, 70, 0.95) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_exchanging_the_arms_negates_it() -> None:
    low, high = newcombe(0.2, 10, 0.7, 12, 0.9)
    assert newcombe(0.7, 12, 0.2, 10, 0.9) == pytest.approx((-high, -low))


def test_the_jackknife_of_means_is_the_textbook_error() -> None:
    # a: 1 2 6, variance 7, /3; b: 0 4, variance 8, /2: 7/3 + 4 = 19/3
    values, is_a = np.array([1.0, 2, 6, 0, 4]), np.array([True, True, True, False, False])
    assert jackknife_error(mean_score(values), is_a) == pytest.approx(np.sqrt(19 / 3))


def test_one_draw_has_no_error() -> None:
    assert jackknife_error(mean_score(np.array([1.0, 2.0])), np.array([True, False])) is None


def test_newcombe_covers_at_n_10() -> None:
    rng = np.random.default_rng(4)
    a, b = (rng.binomial(10, p, size=2000) / 10 for p in (0.2, 0.6))
    found = [newcombe(x, 10, y, 10, 0.95) for x, y in zip(a, b, strict=True)]
    held = [low <= 0.4 <= high for low, high in found]
    assert np.mean(held) >= 0.93


def test_student_is_wider_with_fewer_draws() -> None:
    # t quantiles of .975: 2.262 with 9, 1.972 with 199 degrees of freedom
    assert student(1.0, 1.0, 10, 12, 0.95) == pytest.approx((-1.262, 3.262), abs=1e-3)
    assert student(1.0, 1.0, 200, 200, 0.95)[1] == pytest.approx(2.972, abs=1e-3)
