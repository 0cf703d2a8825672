"""Each measure's intervals of simulated arms: (what is simulated, interval, truth), one by one.

The intervals are those of `stages.evaluate`.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from experiments.coverage.arms import against_reference, one_field, two_fields
from stages.evaluate.bias.cramer import strength_interval, strengths
from stages.evaluate.chance.nulls import p_above
from stages.evaluate.consistency.agreement import kappa_interval
from stages.evaluate.fidelity.fitting import joint_excess
from stages.evaluate.fidelity.numbers import kolmogorov_interval, kolmogorov_smirnov
from stages.evaluate.fidelity.pairs import pair_counts, pair_interval, unsafe
from stages.evaluate.fidelity.tail_intervals import coverage_interval, entropy_interval
from stages.evaluate.variety.mean_differences import mean_interval

RUN = {"confidence": 0.95}
Generator: TypeAlias = np.random.Generator


class Case(NamedTuple):
    """One simulated arm of n draws."""

    setting: str
    """What is the same for several kinds of arms: number of levels, cells, sources."""
    kind: str
    low: float
    high: float
    truth: float
    computed: bool = True
    """Whether the evaluation prints such an interval."""


def kolmogorov(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    reference = np.arange(1.0, 81)
    arms = {"the reference": reference, "the old": reference[40:], "three ages": np.array([20.0, 40, 60])}
    for kind, numbers in arms.items():
        truth = kolmogorov_smirnov(numbers, reference)
        for _ in range(repeats):
            ks = kolmogorov_smirnov(rng.choice(numbers, n), reference)
            yield Case("numbers", kind, *kolmogorov_interval(ks, n, **RUN), truth)


def entropy(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    for k in (2, 4, 6, 10):
        for kind, shares in one_field(k).items():
            truth = -float((shares[shares > 0] * np.log2(shares[shares > 0])).sum())
            for counts in rng.multinomial(n, shares, size=repeats).astype(float):
                yield Case(f"{k} levels", kind, *entropy_interval(counts, seed=_seed(rng), **RUN), truth)


def coverage(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    for k in (2, 4, 6, 10):
        for kind, shares in one_field(k).items():
            truth, known = float((1 - (1 - shares) ** n).sum()), np.ones(k, bool)
            for counts in rng.multinomial(n, shares, size=repeats).astype(float):
                interval = coverage_interval(counts, known, 1.0, seed=_seed(rng), **RUN)
                yield Case(f"{k} levels", kind, *interval, truth)


def kappa(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    """Cases of Fleiss' kappa over three prompts; the smaller the weight, the more these differ."""
    for k in (2, 4, 8):
        for weight in (0.2, 1.0, 5.0, 100.0):
            for _ in range(repeats):
                shares = rng.dirichlet(np.full(k, 2 * weight / k), size=3)
                counts = np.array([rng.multinomial(n, row) for row in shares])
                if np.count_nonzero(counts.sum(axis=0)) < 2:
                    continue
                agreeing, chance = (shares**2).sum(axis=1).mean(), (shares.mean(axis=0) ** 2).sum()
                seen = counts[:, counts.any(axis=0)]
                interval = kappa_interval(seen, seed=_seed(rng), **RUN)
                yield Case(f"{k} levels", f"weight {weight}", *interval, (agreeing - chance) / (1 - chance))


def cramers_v(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    for shape in ((2, 2), (2, 4), (4, 4), (4, 6)):
        for kind, shares in two_fields(shape).items():
            truth = float(strengths(shares, corrected=False))
            for counts in rng.multinomial(n, shares.ravel(), size=repeats).reshape(-1, *shape).astype(float):
                v = float(strengths(counts))
                if not np.isnan(v):
                    low, high = strength_interval(counts, 0.95)
                    yield Case(_cells(shape), kind, min(low, v), max(high, v), truth)


def excess(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    for shape in ((2, 2), (2, 4), (4, 4), (4, 6)):
        arms, reference = against_reference(shape)
        perfect = rng.multinomial(n, reference.ravel(), size=400).T.reshape(*shape, -1) / n
        null = joint_excess(perfect, reference)
        for kind, shares in arms.items():
            truth = float(joint_excess(shares[:, :, None], reference)[0])
            for counts in rng.multinomial(n, shares.ravel(), size=repeats).reshape(-1, *shape):
                pair = pair_counts(counts, reference)
                p = p_above(float(joint_excess(counts[:, :, None] / n, reference)[0]), null)
                interval = pair_interval(pair, p, seed=_seed(rng), **RUN)
                assert interval is not None, "a reference without zeros can be fitted"
                yield Case(_cells(shape), kind, *interval, truth, unsafe(pair) is None)


def memory(n: int, repeats: int, rng: Generator) -> Iterator[Case]:
    """Cases of normally distributed differences, with a share of copies far away from them."""
    for copied in (0.0, 0.05, 0.2, 0.5, 0.9):
        for _ in range(repeats):
            copies, others = 120 + rng.normal(0, 30, n), rng.normal(0, 15, n)
            low, high = mean_interval(np.where(rng.random(n) < copied, copies, others), 0.95)
            assert low is not None
            assert high is not None
            yield Case("differences", f"copied {copied}", low, high, 120 * copied)


def _cells(shape: tuple[int, int]) -> str:
    return f"{shape[0]} x {shape[1]} levels"


def _seed(rng: Generator) -> int:
    return int(rng.integers(2**31))
