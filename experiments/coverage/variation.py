"""Intervals of simulated shares of variation: R2 of two sources, partial eta2 of two crossed factors."""

from collections.abc import Iterator

import numpy as np

from experiments.coverage.arms import Numbers
from experiments.coverage.measures import Case, Generator
from stages.evaluate.consistency.factors import Factors, effect_of
from stages.evaluate.consistency.permanova import permanova
from stages.evaluate.intervals.jackknife import explained_interval

N_FIELDS, N_LEVELS, DRAWS = 8, 4, 200
APART = (0.0, 0.15, 0.4, 0.8)


def r2(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    """Two sources of n draws each, which write another mixture of levels in a share of draws."""
    groups = [0] * n + [1] * n
    for apart in APART:
        for _ in range(repeats):
            one = rng.dirichlet(np.ones(N_LEVELS), size=N_FIELDS)
            other = (1 - apart) * one + apart * rng.dirichlet(np.full(N_LEVELS, 0.3), size=N_FIELDS)
            rows = np.vstack([_drawn(shares, n, rng) for shares in (one, other)])
            distance = np.sqrt((rows[:, None] != rows).mean(axis=2))
            found = permanova(distance, groups, [0] * 2 * n, n_permutations=DRAWS, seed=1)
            interval = explained_interval(found.r2, found.left_out_r2, found.p, 0.95)
            yield Case("two sources", f"apart {apart}", *interval, _r2(one, other))


def eta2(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    """Cases of the condition's partial eta squared: two sources, n draws per arm, a field of four levels."""
    source, condition = ("s",) * 2 * n + ("t",) * 2 * n, (("o",) * n + ("a",) * n) * 2
    for apart in APART:
        for _ in range(repeats):
            one = rng.dirichlet(np.ones(N_LEVELS), size=1)
            other = (1 - apart) * one + apart * rng.dirichlet(np.full(N_LEVELS, 0.3), size=1)
            rows = np.vstack([_drawn(shares, n, rng) for shares in (one, other, one, other)])
            values = (rows == np.arange(N_LEVELS)).astype(float)
            factors = Factors(source, condition, ("p",) * 4 * n)
            found = effect_of("condition", values, factors, draws=DRAWS, seed=1)
            interval = explained_interval(found.partial_eta2, found.left_out_eta2, found.p, 0.95)
            yield Case("two sources x two conditions", f"apart {apart}", *interval, _r2(one, other))


def _drawn(shares: Numbers, n: int, rng: Generator) -> Numbers:
    """Levels of n draws: shape (n, n_fields)."""
    return np.stack([rng.choice(len(row), size=n, p=row) for row in shares], axis=1)


def _r2(one: Numbers, other: Numbers) -> float:
    """R2 of infinitely many draws, half of each: 1 - within / total of the chance that levels differ."""
    within = 1 - ((one**2).sum(axis=1).mean() + (other**2).sum(axis=1).mean()) / 2
    total = 1 - (((one + other) / 2) ** 2).sum(axis=1).mean()
    return float(1 - within / total)
