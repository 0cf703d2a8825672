"""Simulate the minimum detectable effect of statistics that have no exact power.

Many pairs of arms are drawn from the reference, an effect is planted in b, and the test of the contrast is
run on each. The random numbers are the same for every size of the effect, so that power rises with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from stages.common.records import Profile
from stages.evaluate.arrays import Flags, Floats
from stages.evaluate.contrasts.permutation import Score, null_of
from stages.evaluate.contrasts.power import Detectable
from stages.evaluate.contrasts.statistics import (
    Reading,
    association_score,
    categories,
    differing,
    variety_score,
)
from stages.evaluate.declared import Contrast
from stages.evaluate.units import places_of
from stages.evaluate.values.numbers import numbers_of

STEPS = 8
"""Halvings of the interval that holds the effect: 1/256 of the largest."""
MAX_PERMUTATIONS = 999
"""Permutations per simulated pair of arms, for the statistics that are not means."""
LARGEST_SHIFT = 20.0
"""The largest shift of a mean that is tried, in standard deviations of the reference."""


@dataclass(frozen=True)
class Simulation:
    """How power is simulated."""

    n_a: int
    n_b: int
    alpha: float
    power: float
    n_arms: int
    """Simulated pairs of arms: the standard error of power .8 is .4 / sqrt(n_arms)."""
    permutations: int
    seed: int

    def rng(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)


def simulated(
    contrast: Contrast, pool: Sequence[Profile], how: Reading, plan: Simulation
) -> Detectable | None:
    """The smallest effect on `mean`, `variety` or `association` that is found; None if none is.

    A mean is only shifted upwards: downwards is the same with the arms exchanged.
    """
    if contrast.statistic == "mean":
        numbers = numbers_of(contrast.field or "", pool)
        largest = LARGEST_SHIFT * float(numbers.std()) if len(numbers) else 0.0
        return _smallest(_means(numbers, plan), largest, plan) if largest else None
    if contrast.statistic == "variety":
        return _smallest(_collapse(differing(pool, how.schema), plan), 1.0, plan)
    rows, columns = (categories(pool, path or "", how) for path in (contrast.field, contrast.attribute))
    return _smallest(_dependence(rows, columns, plan), 1.0, plan)


def partners(rows: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """For each category of the first field, the one of the second that goes with it more than by chance.

    They differ as far as there are enough, so that a planted effect strengthens an association that is there.
    """
    row, column = places_of(rows), places_of(columns)
    table = np.zeros((row.max() + 1, column.max() + 1))
    np.add.at(table, (row, column), 1)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    surplus = (table - expected) / np.sqrt(expected)
    chosen = surplus.argmax(axis=1)
    matched, to = scipy.optimize.linear_sum_assignment(surplus, maximize=True)
    chosen[matched] = to
    names, others = list(dict.fromkeys(rows)), list(dict.fromkeys(columns))
    return {name: others[chosen[i]] for i, name in enumerate(names)}


def _smallest(
    run: Callable[[float], tuple[Floats, Floats]], largest: float, plan: Simulation
) -> Detectable | None:
    """Bisection; `run` gives differences and p-values of all simulated pairs at an effect."""

    def found(effect: float) -> bool:
        return float(np.mean(run(effect)[1] <= plan.alpha)) >= plan.power

    if not found(largest):
        return None
    low, high = 0.0, largest
    for _ in range(STEPS + (4 if largest != 1.0 else 0)):
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return Detectable(float(run(high)[0].mean() - run(0.0)[0].mean()), high)


def _means(numbers: Floats, plan: Simulation) -> Callable[[float], tuple[Floats, Floats]]:
    rng, n = plan.rng(), plan.n_a + plan.n_b
    drawn = numbers[rng.integers(len(numbers), size=(plan.n_arms, n))]
    in_a = _shuffled(plan, plan.permutations, rng).astype(float)
    is_b = np.arange(n) >= plan.n_a

    def run(effect: float) -> tuple[Floats, Floats]:
        pooled = drawn + effect * is_b
        total, observed = pooled.sum(axis=1), pooled[:, : plan.n_a].sum(axis=1)
        differences = _of_sums(observed, total, plan)
        p = [
            null_of(_of_sums(in_a @ values, values.sum(), plan)).p(difference)
            for difference, values in zip(differences, pooled, strict=True)
        ]
        return differences, np.array(p)

    return run


def _collapse(differ: Floats, plan: Simulation) -> Callable[[float], tuple[Floats, Floats]]:
    rng, n = plan.rng(), plan.n_a + plan.n_b
    drawn = rng.integers(len(differ), size=(plan.n_arms, n))
    one = rng.integers(len(differ), size=(plan.n_arms, 1))
    chance = np.where(np.arange(n) >= plan.n_a, rng.random((plan.n_arms, n)), np.inf)

    def score_at(effect: float) -> list[Score]:
        chosen = np.where(chance < effect, one, drawn)
        return [variety_score(differ[np.ix_(who, who)]) for who in chosen]

    return _tests(score_at, plan, rng)


def _dependence(
    rows: Sequence[str], columns: Sequence[str], plan: Simulation
) -> Callable[[float], tuple[Floats, Floats]]:
    rng, n = plan.rng(), plan.n_a + plan.n_b
    row, column, partner = np.array(rows), np.array(columns), partners(rows, columns)
    follows = np.array([partner[name] for name in rows])
    drawn = rng.integers(len(rows), size=(plan.n_arms, n))
    chance = np.where(np.arange(n) >= plan.n_a, rng.random((plan.n_arms, n)), np.inf)

    def score_at(effect: float) -> list[Score]:
        second = np.where(chance < effect, follows[drawn], column[drawn])
        return [association_score(list(r), list(c)) for r, c in zip(row[drawn], second, strict=True)]

    return _tests(score_at, plan, rng)


def _tests(
    score_at: Callable[[float], list[Score]], plan: Simulation, rng: np.random.Generator
) -> Callable[[float], tuple[Floats, Floats]]:
    """Test all pairs of arms with the same permutations; the observed assignment comes first."""
    observed = np.arange(plan.n_a + plan.n_b)[None] < plan.n_a
    flags = np.concatenate([observed, _shuffled(plan, min(plan.permutations, MAX_PERMUTATIONS), rng)])

    def run(effect: float) -> tuple[Floats, Floats]:
        both = [score(~flags) - score(flags) for score in score_at(effect)]
        return np.array([one[0] for one in both]), np.array([null_of(one[1:]).p(one[0]) for one in both])

    return run


def _shuffled(plan: Simulation, draws: int, rng: np.random.Generator) -> Flags:
    n = plan.n_a + plan.n_b
    return rng.permuted(np.broadcast_to(np.arange(n) < plan.n_a, (draws, n)), axis=1)


def _of_sums(of_a: Floats, total: Floats, plan: Simulation) -> Floats:
    return (total - of_a) / plan.n_b - of_a / plan.n_a
