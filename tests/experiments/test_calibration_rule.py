"""The rule of a calibration and the numbers beside it: by hand, and as laws."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from experiments.calibrate.findings import Finding, RunValue, Spread, find, run_value, spread_of
from experiments.calibrate.plan import Plan
from experiments.calibrate.power import Asked, planned_for, power_of, smallest_shift, stated
from experiments.calibrate.rule import judged, paired, verdict
from stages.evaluate.cells import Cell, cells_of
from stages.evaluate.contrasts.statistics import reading_of
from tests.evaluate.fakes import CONTRAST, cat, completion, contrast, study

STUDY = study()
SHARES = st.lists(st.floats(0, 1, width=16), min_size=2, max_size=6)


def cell(arm: str, n_white: int, n: int = 40) -> Cell:
    """A cell in which the first n_white of n cats are white."""
    rows = [completion(cat(coat="white" if i < n_white else "black"), i + 1, arm=arm) for i in range(n)]
    [found] = cells_of(rows, STUDY)
    return found


def finding(*n_white: tuple[int, int]) -> Finding:
    """The finding on pairs of training runs; of 40 cats, `n_white` are white in a and in b."""
    pairs = [(cell(CONTRAST.arm_a, a), cell(CONTRAST.arm_b, b)) for a, b in n_white]
    found = find(CONTRAST, pairs, STUDY)
    assert isinstance(found, Finding)
    return found


def test_the_paired_t_test_by_hand() -> None:
    # differences -.5, -.55, -.45: mean -.5, sd .05; t = -.5 / (.05 / sqrt 3) = -17.32, 2 degrees of freedom
    found = finding((30, 10), (31, 9), (29, 11)).tested
    assert found.difference == pytest.approx(-0.5)
    assert found.sd_pairs == pytest.approx(0.05)
    assert found.p == pytest.approx(2 * t.sf(0.5 / (0.05 / sqrt(3)), 2))
    half = t.ppf(0.975, 2) * 0.05 / sqrt(3)
    assert (found.low, found.high) == pytest.approx((-0.5 - half, -0.5 + half))
    assert found.p_flip == pytest.approx(2 / 2**3)  # all of one sign or all of the other


def test_many_draws_do_not_make_up_for_few_runs() -> None:
    # by draws alone far from chance; but the runs of one arm differ as much as the arms
    few, many = (paired(*values, 0.95) for values in (([0.2, 0.9, 0.2], [0.9, 0.3, 0.95]),) * 2)
    assert few == many
    assert verdict(few.p, few.p, 0.05) == "does not stand"


def test_only_holms_p_over_the_contrasts_decides() -> None:
    clear, weak = (
        paired([0.1] * 6, [0.5, 0.51, 0.52, 0.5, 0.49, 0.5], 0.95),
        paired([0, 0, 0], [1, 2, 3], 0.8),
    )
    assert 0.05 < weak.p < 0.1
    assert [said for _, said in judged([clear, weak], 0.05)] == ["stands", "does not stand"]
    # at alpha .1 the weak one is below alpha by itself (.074), but not among four
    assert [said for _, said in judged([weak], 0.1)] == ["stands"]
    assert [said for _, said in judged([weak] * 4, 0.1)] == ["undecided"] * 4


def test_runs_that_never_differ_say_nothing() -> None:
    found = paired([0.0] * 6, [0.0] * 6, 0.95)
    assert (found.difference, found.p, found.low, found.high) == (0, 1, None, None)


def test_runs_that_all_differ_by_the_same_are_judged_by_their_number() -> None:
    # no spread to test against: the exact sign-flip p, 2 of 2^6 patterns
    found = paired([1.0] * 6, [0.0] * 6, 0.95)
    assert (found.sd_pairs, found.low, found.high) == (0, None, None)
    assert found.p == found.p_flip == pytest.approx(2 / 64)
    assert paired([0.1, 0.2], [0.4, 0.5], 0.95).sd_pairs == 0  # floating point is no spread


@given(SHARES, st.randoms())
def test_p_is_a_probability_whatever_the_runs(a: list[float], random: object) -> None:
    b = [1 - value for value in reversed(a)]
    found, back = paired(a, b, 0.95), paired(b, a, 0.95)
    assert 0 <= found.p <= 1
    assert 0 < found.p_flip <= 1
    assert (back.p, back.difference) == pytest.approx((found.p, -found.difference))
    if found.low is not None and found.high is not None:
        assert found.low <= found.difference <= found.high
        if abs(found.p - 0.05) > 1e-6:
            assert (found.p < 0.05) == (not found.low <= 0 <= found.high)


def test_too_few_draws_are_reported() -> None:
    pairs = [(cell(CONTRAST.arm_a, 3, n=9), cell(CONTRAST.arm_b, 3, n=9))] * 2
    assert find(CONTRAST, pairs, STUDY) == f"training run 1, {CONTRAST.arm_a}: 9 draws count; needs 10"


def test_an_association_of_a_field_that_does_not_vary_is_undefined() -> None:
    tied = contrast("association", field="coat", attribute="home.kind", calibration_only=True)
    pairs = [(cell(CONTRAST.arm_a, 20), cell(CONTRAST.arm_b, 20))] * 2
    told = f"training run 1, {CONTRAST.arm_a}: shows one level of home.kind alone"
    assert find(tied, pairs, STUDY) == told


def test_the_power_of_the_plan() -> None:
    """By simulation, far from the noncentral t distribution: 4,000 studies of 6 runs."""
    rng = np.random.default_rng(1)
    differences = rng.normal(0.4, 0.12 * sqrt(2), (4000, 6))
    statistic = differences.mean(axis=1) / (differences.std(axis=1, ddof=1) / sqrt(6))
    found = np.mean(np.abs(statistic) > t.ppf(1 - 0.05 / 14, 5))
    assert power_of(0.4, 0.12 * sqrt(2), 6, 0.05 / 7) == pytest.approx(found, abs=0.02)


@pytest.mark.parametrize("n_runs", [2, 3, 5, 6, 8, 30])
def test_the_smallest_shift_is_found_with_the_power_asked_for(n_runs: int) -> None:
    shift = smallest_shift(0.1, n_runs, 0.01, 0.8)
    assert power_of(shift, 0.1, n_runs, 0.01) == pytest.approx(0.8)
    assert power_of(0.5, 0.0, n_runs, 0.01) == 1


def test_power_is_given_for_these_runs_and_others() -> None:
    asked = Asked(shift=0.4, sd=[0.06, 0.12], alpha=0.05, n_contrasts=7, power=0.8)
    found = planned_for(asked, 4)
    assert [one.n_seeds for one in found] == [3, 4, 5, 6, 8] * 2
    said = stated(found, asked, 4)
    assert "Power to find a shift of 0.4 in one of 7 contrasts" in said
    assert "3 training seeds: 12%" in said
    assert "8 training seeds: 98%" in said
    assert next(line for line in said.splitlines() if "this calibration" in line).startswith("  4 training")


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


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        # 3 of 12 are white: 27 of the 66 pairs differ, in 1 of 5 fields
        ({"statistic": "variety", "field": None, "level": None}, 27 / 66 / 5),
        ({}, 0.25),
    ],
)
def test_a_runs_value(changes: dict[str, object], value: float) -> None:
    asked = CONTRAST.model_copy(update=changes)
    found = run_value(asked, cell(CONTRAST.arm_a, 3, n=12).draws, reading_of(asked, STUDY))
    assert isinstance(found, RunValue)
    assert found.n == 12
    assert found.value == pytest.approx(value)
    assert found.draws_variance > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"statistic": "variety", "field": None, "level": None},
        {"statistic": "association", "attribute": "tame", "level": None},
        {},
    ],
)
def test_a_run_counts_only_draws_with_valid_values(changes: dict[str, object]) -> None:
    asked = CONTRAST.model_copy(update=changes)
    rows = [
        completion(cat(coat="white" if i < 5 else "black", tame=i % 2 == 0), i + 1, arm=CONTRAST.arm_a)
        for i in range(12)
    ]
    bad = [completion(cat(coat="pink"), i, arm=CONTRAST.arm_a) for i in (13, 14)]
    [clean], [spoilt] = cells_of(rows, STUDY), cells_of([*rows, *bad], STUDY)
    found = run_value(asked, spoilt.draws, reading_of(asked, STUDY))
    assert isinstance(found, RunValue)
    assert found.n == 12
    assert found == run_value(asked, clean.draws, reading_of(asked, STUDY))


def test_a_plan_without_recorded_runs() -> None:
    assert "no recorded run says how long" in str(Plan(4, 1200, None, 0.5))
