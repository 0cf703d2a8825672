"""Permutation tests of two arms. The null hypothesis: either could have written any draw."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from math import comb
from typing import TypeAlias

import numpy as np
import scipy

from stages.evaluate.arrays import Flags, Floats, Places
from stages.evaluate.units import places_of

Score: TypeAlias = Callable[[Flags], Floats]
"""Maps who is in each group, shape (n_groups, n_draws), to the statistic of each, shape (n_groups,)."""

MAX_EXACT = 200_000
"""Up to so many assignments, all are gone through: 10 of 20 draws make 184,756."""
CHUNK = 4_000_000
"""Cells of an assignment matrix that are computed at once: 32 MB."""
TIE = 1e-9
"""Relative to the largest difference: below it, two differences are the same number."""


@dataclass(frozen=True)
class Null:
    """The differences b - a that chance gives, and how likely each is; shapes (n,)."""

    differences: Floats
    weights: Floats
    exact: bool
    """Every assignment is in it; otherwise a sample without the observed one."""

    def p(self, observed: float) -> float:
        """How likely is a difference as large, in either direction; the observed one counts as well."""
        size = np.abs(self.differences)
        as_large = size >= abs(observed) - TIE * max(abs(observed), float(size.max()))
        if self.exact:
            return min(1.0, float(self.weights[as_large].sum()))
        return float((1 + np.count_nonzero(as_large)) / (1 + len(as_large)))

    def band(self, confidence: float) -> tuple[float, float]:
        """The middle `confidence` of the differences: (low, high)."""
        order = np.argsort(self.differences, kind="stable")
        below = np.cumsum(self.weights[order])
        tail = (1 - confidence) / 2
        ends = np.searchsorted(below, [tail + 1e-12, 1 - tail - 1e-12])
        low, high = self.differences[order][np.minimum(ends, len(order) - 1)]
        return float(low), float(high)


@dataclass(frozen=True)
class Outcome:
    """A statistic of both arms, and where their difference stands among chance's."""

    n_a: int
    n_b: int
    value_a: float
    value_b: float
    null: Null
    standard_error: float | None = None
    """The jackknife's, of the difference; None for shares, and where one draw less is too few."""
    worth: tuple[float, float] | None = None
    """How many independent draws (shares) or units the draws of a and b are worth, if they hang together."""

    @property
    def difference(self) -> float:
        return self.value_b - self.value_a

    @property
    def p(self) -> float:
        """Two-sided."""
        return self.null.p(self.difference)


def permutation_test(
    score: Score, is_a: Flags, *, draws: int, seed: int, units: Sequence[Hashable] | None = None
) -> Outcome:
    """Test both arms' scores against those after exchanging the arms' labels.

    All assignments where there are at most MAX_EXACT, otherwise `draws` random ones, and then
    p = (1 + those as large) / (1 + draws) (Phipson & Smyth 2010).

    `units` are labels of what is exchanged as one (a conversation), shape (n_draws,) like `is_a`; each draw
    by itself if None.

    Raises:
        ValueError: if an arm has no draws, or a unit has draws of both.
    """
    if is_a.all() or not is_a.any():
        raise ValueError("each arm needs a draw")
    unit_of_draw, unit_is_a = _units(is_a, units)
    n_a = int(unit_is_a.sum())
    chosen, exact = assignments(n_a, len(unit_is_a) - n_a, draws=draws, seed=seed)
    step, parts = max(1, CHUNK // len(unit_of_draw)), []
    for start in range(0, len(chosen), step):
        flags = chosen[start : start + step, unit_of_draw]
        parts.append(score(~flags) - score(flags))
    value_a, value_b = (float(score(flags[None])[0]) for flags in (is_a, ~is_a))
    null = null_of(np.concatenate(parts), exact=exact)
    return Outcome(int(is_a.sum()), int((~is_a).sum()), value_a, value_b, null)


def mean_test(
    values: Floats, is_a: Flags, *, draws: int, seed: int, units: Sequence[Hashable] | None = None
) -> Outcome:
    """The permutation test of means; exact for values 0 and 1 at any n, by the hypergeometric distribution.

    >>> flags = np.array([True] * 10 + [False] * 10)
    >>> found = mean_test(np.array([0.0] * 10 + [1.0] * 5 + [0.0] * 5), flags, draws=1, seed=1)
    >>> round(found.p, 3)  # Fisher's exact test of 0/10 against 5/10
    0.033
    """
    if units is None and is_a.any() and not is_a.all() and set(np.unique(values)) <= {0.0, 1.0}:
        n_a, n_b = int(is_a.sum()), int((~is_a).sum())
        null = count_null(int(values.sum()), n_a, n_b)
        return Outcome(n_a, n_b, float(values[is_a].mean()), float(values[~is_a].mean()), null)
    return permutation_test(mean_score(values), is_a, draws=draws, seed=seed, units=units)


def mean_score(values: Floats) -> Score:
    return lambda flags: (flags @ values) / flags.sum(axis=1)


def null_of(differences: Floats, *, exact: bool = False) -> Null:
    """Differences that are equally likely."""
    return Null(differences, np.full(len(differences), 1 / len(differences)), exact)


def count_null(k: int, n_a: int, n_b: int) -> Null:
    """Differences of shares when k of n_a + n_b draws have a property, whoever wrote them."""
    in_a = np.arange(max(0, k - n_b), min(k, n_a) + 1)
    weights = np.asarray(scipy.stats.hypergeom.pmf(in_a, n_a + n_b, k, n_a), float)
    return Null((k - in_a) / n_b - in_a / n_a, weights / weights.sum(), exact=True)


@lru_cache(maxsize=8)
def assignments(n_a: int, n_b: int, *, draws: int, seed: int) -> tuple[Flags, bool]:
    """Who is in arm a, shape (n_assignments, n_a + n_b), and whether these are all assignments."""
    n = n_a + n_b
    n_all = comb(n, n_a)
    if n_all > MAX_EXACT:
        first = np.broadcast_to(np.arange(n) < n_a, (draws, n))
        return np.random.default_rng(seed).permuted(first, axis=1), False
    members = np.fromiter(chain.from_iterable(combinations(range(n), n_a)), np.intp, n_all * n_a)
    chosen = np.zeros((n_all, n), bool)
    np.put_along_axis(chosen, members.reshape(n_all, n_a), values=True, axis=1)
    return chosen, True


def _units(is_a: Flags, units: Sequence[Hashable] | None) -> tuple[Places, Flags]:
    """The unit of each draw, and whether each unit is arm a's."""
    if units is None:
        return np.arange(len(is_a)), is_a
    of_draw = places_of(units)
    share_a = np.bincount(of_draw, weights=is_a) / np.bincount(of_draw)
    if not np.isin(share_a, (0, 1)).all():
        raise ValueError("a unit has draws of both arms")
    return of_draw, share_a == 1
