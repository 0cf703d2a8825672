"""The rule of a calibration, and the two variances behind it: by hand, and as laws."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from experiments.calibrate.findings import Finding, find, pooled_null
from experiments.calibrate.plan import Plan
from experiments.calibrate.spread import RunValue, Spread, interval, jackknife_variance, run_value, spread_of
from stages.evaluate.cells import Cell, cells_of
from stages.evaluate.contrasts.family import reading_of
from stages.evaluate.contrasts.permutation import count_null, mean_score
from tests.evaluate.fakes import CONTRAST, PARAMS, cat, completion, study

STUDY = study()


def cell(arm: str, n_white: int, n: int = 40) -> Cell:
    """The first n_white of n cats are white."""
    rows = [completion(cat(coat="white" if i < n_white else "black"), i + 1, arm=arm) for i in range(n)]
    [found] = cells_of(rows, STUDY)
    return found


def finding(*n_white: tuple[int, int]) -> Finding:
    """Of pairs of training runs with so many white cats of 40 in a and in b."""
    pairs = [(cell(CONTRAST.arm_a, a), cell(CONTRAST.arm_b, b)) for a, b in n_white]
    found = find(CONTRAST, pairs, STUDY)
    assert isinstance(found, Finding)
    return found


def test_a_large_difference_in_every_run_stands() -> None:
    found = finding((30, 10), (31, 9), (29, 11))
    assert found.difference == pytest.approx(-0.5)
    assert found.n_same_sign == 3
    assert found.p == pytest.approx(1 / (1 + PARAMS.null_draws))
    assert found.low < -0.5 < found.high < 0
    assert found.verdict(found.p, alpha=0.05) == "stands"


def test_a_difference_that_seeds_make_as_well_does_not_stand_alone() -> None:
    # by draws alone far from chance; but the runs of one arm differ as much as the arms
    found = finding((10, 36), (36, 12), (8, 38))
    assert found.p < 0.05
    assert found.low < 0 < found.high
    assert found.verdict(found.p, alpha=0.05) == "undecided"


def test_no_difference_does_not_stand() -> None:
    assert finding((20, 21), (22, 20), (19, 20)).verdict(0.9, alpha=0.05) == "does not stand"


def test_one_run_against_the_others_leaves_it_undecided() -> None:
    found = replace(finding((30, 10), (31, 9), (10, 11)), low=-0.6, high=-0.1)
    assert found.n_same_sign == 2
    assert found.verdict(0.001, alpha=0.05) == "undecided"


def test_too_few_draws_are_said() -> None:
    pairs = [(cell(CONTRAST.arm_a, 3, n=9), cell(CONTRAST.arm_b, 3, n=9))] * 2
    assert find(CONTRAST, pairs, STUDY) == "training run 1: 9 and 9 draws count; needs 10"


def test_the_spread_by_hand() -> None:
    # a: 0.1, 0.3, 0.2 around 0.2: (0.01 + 0.01 + 0) / 2 = 0.01; b: all 0.5: 0; mean 0.005
    a = [RunValue(100, value, 0.001) for value in (0.1, 0.3, 0.2)]
    b = [RunValue(100, 0.5, 0.002) for _ in range(3)]
    spread = spread_of(a, b)
    assert spread.n == 100
    assert (spread.runs, spread.draws) == pytest.approx((0.005, 0.0015))
    # at n = 10 the draws make 0.015, the seed stays 0.0035
    assert spread.seed_share(10) == pytest.approx(0.0035 / 0.0185)
    assert Spread(runs=0.001, draws=0.002, n=9).seed_share(10) == 0
    assert Spread(runs=0, draws=0, n=9).seed_share(10) == 0


def test_the_interval_by_hand() -> None:
    # 3 runs an arm: t of 4 degrees of freedom is 2.776; sqrt(2 * 0.03 / 3) = 0.1414
    low, high = interval(0.5, Spread(runs=0.03, draws=0.01, n=200), 3, 0.95)
    assert (low, high) == pytest.approx((0.5 - 0.3926, 0.5 + 0.3926), abs=1e-4)
    assert interval(0.5, Spread(runs=0.0, draws=0.03, n=200), 3, 0.95) == (low, high)


def test_the_jackknife_of_a_mean_is_its_variance() -> None:
    values = np.random.default_rng(1).normal(size=30)
    assert jackknife_variance(mean_score(values), 30) == pytest.approx(values.var(ddof=1) / 30)


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        # 1 of 4 is white: 3 of the 6 pairs differ, in 1 of 5 fields
        ({"statistic": "variety", "field": None, "level": None}, 3 / 6 / 5),
        ({}, 0.25),
    ],
)
def test_a_runs_value(changes: dict[str, object], value: float) -> None:
    contrast = CONTRAST.model_copy(update=changes)
    found = run_value(contrast, cell(CONTRAST.arm_a, 1, n=4).draws, reading_of(contrast, STUDY))
    assert found.n == 4
    assert found.value == pytest.approx(value)
    assert found.draws_variance > 0


def test_labels_are_exchanged_within_pairs() -> None:
    # one pair: 10 of 20 in all, drawn from the exact null; the sd of the mean of 4 pairs is half
    null = count_null(10, 10, 10)
    exact = sqrt(float(null.weights @ null.differences**2))
    mean = pooled_null([null] * 4, 20_000, seed=1)
    assert mean.differences.std() == pytest.approx(exact / 2, rel=0.03)
    assert abs(mean.differences.mean()) < 0.01


def test_a_plan_without_recorded_runs() -> None:
    assert "no recorded run says how long" in str(Plan(4, 1200, None, 0.5))
