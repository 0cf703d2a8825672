"""Minimum detectable effects: by hand, by simulation with the very test, and what cannot be found."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from experiments.validate.planting import Plan, planted
from stages.common.records import Profile
from stages.common.tables.base import NotComputed
from stages.common.tables.contrasts import MinimumEffectRow
from stages.evaluate.cells import cells_of
from stages.evaluate.contrasts.minimum import base_of, detectable, level_of, minimum_effects
from stages.evaluate.contrasts.permutation import mean_test
from stages.evaluate.contrasts.power import detectable_rate, power_of_rates, rejected
from stages.evaluate.contrasts.statistics import Reading, counting
from stages.evaluate.rows import rows_of
from tests.evaluate.contrasts.planted import powers
from tests.evaluate.fakes import CONTRAST, PARAMS, cat, contrast, draws, schema, study

EVERY = {"alpha": 0.05, "power": 0.8}


def test_from_0_of_10_five_of_10_are_needed() -> None:
    # Fisher: 0 against 5 of 10 has p = .033, against 4 p = .087: so B(10, rate) must be >= 5 with .8
    found = detectable_rate(0.0, 10, 10, **EVERY)
    assert found is not None
    assert binom.sf(4, 10, found.effect) == pytest.approx(0.8)


def test_shares_of_the_default_study() -> None:
    # docs/method.md: race .78 against .25, citizen .93 against .50, disability .18 against .50
    found = [power_of_rates(a, b, 10, 10, 0.05) for a, b in ((0.78, 0.25), (0.93, 0.5), (0.18, 0.5))]
    assert found == pytest.approx([0.49, 0.37, 0.16], abs=0.02)


def test_the_effect_has_the_power_it_promises_and_a_smaller_one_has_less() -> None:
    found = detectable_rate(0.8, 30, 25, alpha=0.01, power=0.8)
    assert found is not None
    assert power_of_rates(0.8, 0.8 + found.effect, 30, 25, 0.01) == pytest.approx(0.8)
    assert power_of_rates(0.8, 0.8 + found.effect * 0.9, 30, 25, 0.01) < 0.8


def test_upwards_and_downwards_mirror_each_other() -> None:
    up, down = (detectable_rate(base, 12, 12, **EVERY) for base in (0.1, 0.9))
    assert up is not None
    assert down is not None
    assert up.effect == pytest.approx(-down.effect)


def test_from_the_middle_nothing_is_found_with_10() -> None:
    assert detectable_rate(0.5, 10, 10, **EVERY) is None


def test_rejections_are_those_of_the_test() -> None:
    table = rejected(5, 7, 0.05)
    for k_a in range(6):
        for k_b in range(8):
            values = np.array([1.0] * k_a + [0.0] * (5 - k_a) + [1.0] * k_b + [0.0] * (7 - k_b))
            p = mean_test(values, np.arange(12) < 5, draws=1, seed=1).p
            assert table[k_a, k_b] == (p <= 0.05), (k_a, k_b)


def people() -> list[dict[str, Any]]:
    """40 cats: coat and home go together, mice differ."""
    rng = np.random.default_rng(3)
    kinds = ["indoor", "outdoor", "ship"]
    return [
        cat(
            coat="black" if i % 2 else "white",
            home={"kind": kinds[(i % 2 + int(rng.integers(3)) // 2) % 3]},
            mice=int(rng.integers(0, 60)),
            breed=f"breed {int(rng.integers(6))}",
        )
        for i in range(40)
    ]


def indoor() -> list[dict[str, Any]]:
    """40 cats whom the rule applies to; a quarter breaks it."""
    return [cat(home={"kind": "indoor"}, mice=int(i % 4 == 0), breed=f"breed {i}") for i in range(40)]


@pytest.mark.parametrize(
    ("one", "n"),
    [
        (contrast("mean", field="mice"), 12),
        (contrast("variety"), 12),
        (contrast("association", field="coat", attribute="home.kind", calibration_only=True), 40),
        (contrast("copies"), 10),
        (contrast("valid"), 10),
        (contrast("rules_broken"), 20),
        (CONTRAST, 25),
    ],
    ids=lambda one: getattr(one, "statistic", one),
)
def test_what_is_planted_is_found_with_the_power_promised(one: Any, n: int) -> None:
    trained = [cat(breed="trained", mice=100 + i) for i in range(40)]
    how, pool = Reading(schema(), tuple(trained)), people()
    if one.statistic == "rules_broken":
        pool = indoor()
    params = PARAMS.model_copy(update={"null_draws": 200})
    small = study(params=params)
    found = detectable(one, pool, how, small, n_a=n, n_b=n, alpha=0.05)
    assert found is not None
    plan = Plan(one, pool, how, trained)
    power, difference = powers(plan, found.planted, n, alpha=0.05, times=250, draws=200)
    # 99.9 % binomial band of 250, and the error of the simulation that found the effect
    assert power == pytest.approx(0.8, abs=0.12)
    assert difference == pytest.approx(found.effect, abs=0.2 * abs(found.effect))


def test_a_planted_rate_is_that_of_the_pool_and_the_effect() -> None:
    how, pool = Reading(schema(), ()), people()
    plan = Plan(CONTRAST, pool, how, [])
    for effect in (-0.3, 0.2):
        drawn = planted(plan, effect, 2000, np.random.default_rng(1))
        share = np.mean([profile is not None and profile["coat"] == "white" for profile in drawn])
        assert share == pytest.approx(base_of(CONTRAST, pool, how) + effect, abs=0.04)
    with pytest.raises(ValueError, match="cannot change by"):
        planted(plan, 0.7, 10, np.random.default_rng(1))


@pytest.mark.parametrize("coat", [None, "pink"])
def test_an_effect_starts_at_the_share_among_people_with_a_valid_value(coat: str | None) -> None:
    # 4 of 10 are white; 10 more leave the field out, or fill it with nonsense: they do not count
    how, spoilt = Reading(schema(), ()), cat() if coat is None else cat(coat=coat)
    if coat is None:
        del spoilt["coat"]
    pool = [cat(coat="white")] * 4 + [cat(coat="black")] * 6
    assert base_of(CONTRAST, pool + [spoilt] * 10, how) == base_of(CONTRAST, pool, how) == 0.4
    both = [counting(CONTRAST, some, how) for some in (pool + [spoilt] * 10, pool)]
    assert both[0] == both[1] == pool


def test_where_nobody_of_the_reference_counts_there_is_no_smallest_effect() -> None:
    bare = {name: value for name, value in cat().items() if name != "coat"}
    assert counting(CONTRAST, [bare], Reading(schema(), ())) == []


def test_rows_beside_the_contrasts() -> None:
    arms = CONTRAST.arm_a, CONTRAST.arm_b
    cells = cells_of([row for arm in arms for row in draws(*[cat()] * 10, arm=arm)], study())
    rows = list(minimum_effects(cells, study()))
    # share of white: the reference has .4 (too near the middle for n = 10); valid: from 1 downwards
    assert isinstance(rows[0], NotComputed)
    assert rows[0].reason == "no effect is found with 80% at n = 10"
    assert isinstance(rows[1], MinimumEffectRow)
    assert (rows[1].contrast, rows[1].base, rows[1].method) == ("valid", 1.0, "exact")
    assert rows[1].alpha == level_of(study()) == 0.025
    assert rows[1].minimum_effect == pytest.approx(-0.66, abs=0.04)


def test_an_arm_that_is_seldom_valid_can_only_gain() -> None:
    # 1 of 10 is valid: a loss of .1 is never found, a gain of .7 or so is
    texts: dict[str, list[str | Profile]] = {
        CONTRAST.arm_a: [cat(), *["no"] * 9],
        CONTRAST.arm_b: [cat()] * 10,
    }
    drawn = [draws(*found, arm=arm) for arm, found in texts.items()]
    cells = cells_of([row for rows in drawn for row in rows], study())
    [row] = [
        row for row in rows_of(MinimumEffectRow, minimum_effects(cells, study())) if row.contrast == "valid"
    ]
    assert row.base == 0.1
    assert 0.6 < row.minimum_effect < 0.8
