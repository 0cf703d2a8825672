"""Model x data: sums of squares by hand, permutations, and the grid."""

from typing import Any

import numpy as np
import pytest

from stages.common.tables.base import NotComputed
from stages.common.tables.consistency import EffectRow
from stages.evaluate.cells import cells_of
from stages.evaluate.consistency.effects import effects, grid_of
from stages.evaluate.consistency.factors import EFFECTS, Factors, effect_of
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import FREE, INDOOR, cat, draws, study

RUN: dict[str, int] = {"draws": 400, "seed": 1}
# two draws of each arm under one prompt
GRID = Factors(tuple("sssstttt"), tuple("ooaaooaa"), tuple("pppppppp"))


def column(values: list[float]) -> np.ndarray:
    return np.array(values, float).reshape(-1, 1)


def test_sums_of_squares_by_hand() -> None:
    # means: source s 1, t 3; condition o 1.5, a 2.5; arms so .5, sa 1.5, ta 3.5, to 2.5: no interaction
    # SS source = 8 x 1^2 = 8, condition = 8 x .5^2 = 2, residual = 8 x .5^2 = 2 on 8 - 4 = 4 degrees
    values = column([0, 1, 1, 2, 2, 3, 3, 4])
    found = {name: effect_of(name, values, GRID, **RUN) for name in EFFECTS}
    assert found["source"].partial_eta2 == pytest.approx(8 / 10)
    assert found["source"].f == pytest.approx(8 / (2 / 4))
    assert found["condition"].partial_eta2 == pytest.approx(2 / 4)
    assert found["condition"].f == pytest.approx(2 / (2 / 4))
    assert found["source x condition"].partial_eta2 == pytest.approx(0)
    assert [one.df for one in found.values()] == [1, 1, 1]


def test_a_block_takes_its_own_part() -> None:
    # the second prompt adds 100 to everything: nothing of the effects changes
    values = [0.0, 1, 1, 2, 2, 3, 3, 4]
    twice = Factors(GRID.source * 2, GRID.condition * 2, ("p",) * 8 + ("q",) * 8)
    shifted = effect_of("source", column([*values, *(100 + v for v in values)]), twice, **RUN)
    assert shifted.partial_eta2 == pytest.approx(8 / 10)


@pytest.mark.parametrize("name", EFFECTS)
def test_two_indicators_of_one_property_are_as_good_as_one(name: str) -> None:
    one = column([0, 1, 1, 1, 0, 0, 1, 0])
    both = np.hstack([one, 1 - one])
    single, double = (effect_of(name, values, GRID, **RUN) for values in (one, both))
    assert single.partial_eta2 == pytest.approx(double.partial_eta2)
    assert single.p == double.p


def test_the_order_of_draws_is_no_matter() -> None:
    order = np.random.default_rng(1).permutation(8)
    values = column([0, 1, 4, 2, 2, 3, 3, 9])
    given = GRID.source, GRID.condition, GRID.block
    mixed = Factors(*(tuple(np.array(one)[order].tolist()) for one in given))
    for name in EFFECTS:
        first, second = effect_of(name, values, GRID, **RUN), effect_of(name, values[order], mixed, **RUN)
        assert first.partial_eta2 == pytest.approx(second.partial_eta2)
        assert first.p == pytest.approx(second.p, abs=0.1)


def test_without_effects_p_is_small_as_rarely_as_it_says_and_planted_ones_are_found() -> None:
    rng = np.random.default_rng(1)
    grid = Factors(("s",) * 20 + ("t",) * 20, (("o",) * 10 + ("a",) * 10) * 2, ("p", "q") * 20)
    for name in EFFECTS:
        p = [effect_of(name, rng.exponential(size=(40, 1)), grid, draws=99, seed=1).p for _ in range(200)]
        assert sum(one <= 0.05 for one in p) <= 21  # P(B(200, .05) > 21) = .0006
    condition = column([3.0 * (one == "a") for one in grid.condition]) + rng.normal(size=(40, 1))
    assert effect_of("condition", condition, grid, **RUN).p == pytest.approx(1 / 401)
    assert effect_of("source", condition, grid, **RUN).p > 0.01


def test_a_constant_has_no_effect() -> None:
    found = effect_of("source", column([2] * 8), GRID, **RUN)
    assert (found.partial_eta2, found.p) == (0, 1)


def answers(arms: list[str], n: int = 4, **changes: Any) -> list[Any]:
    coats = ["white" if "augmented" in arm else "black" for arm in arms]
    texts = [cat(coat=coat, mice=i, **changes) for coat in coats for i in range(n)]
    return [
        row
        for i, arm in enumerate(arms)
        for prompt in (FREE, INDOOR)
        for row in draws(*texts[i * n : (i + 1) * n], arm=arm, prompt_id=prompt.id)
    ]


SOURCES = "tiny+lora", "tiny+shots"
ARMS = [f"{source}/{condition}" for source in SOURCES for condition in ("original", "augmented")]


def test_rows_of_a_grid() -> None:
    cells = cells_of(answers([*ARMS, "tiny/none", "chat/original"]), study())
    assert {cell.arm for cell in grid_of(cells)} == {*ARMS}
    rows = list(effects(cells, study()))
    found = {(row.field, row.effect): row for row in rows_of(EffectRow, rows)}
    coat = found["coat", "condition"]
    assert (coat.n, coat.n_prompts, coat.df) == (32, 2, 1)
    assert coat.partial_eta2 == pytest.approx(1)
    assert coat.p < 0.05 < found["mice", "condition"].p
    assert coat.q >= coat.p
    reasons = {row.field: row.reason for row in rows_of(NotComputed, rows)}
    assert reasons["tame"] == "the same value in all 32 draws"


def test_no_grid_is_left_out() -> None:
    [row] = effects(cells_of(answers(ARMS[:3]), study()), study())
    assert isinstance(row, NotComputed)
    assert row.reason == "needs two sources with both conditions"


def test_a_prompt_with_too_few_draws_is_left_out() -> None:
    rows = answers(ARMS)
    for row in rows:
        if (row.arm, row.prompt_id) == (ARMS[0], INDOOR.id) and row.draw > 1:
            rows[rows.index(row)] = row.model_copy(update={"text": "no profile"})
    found = rows_of(EffectRow, effects(cells_of(rows, study()), study()))
    assert {(row.n, row.n_prompts) for row in found} == {(16, 1)}
