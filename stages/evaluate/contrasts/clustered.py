"""Test a contrast of arms whose draws hang together: whole conversations are exchanged."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stages.evaluate.arrays import Flags
from stages.evaluate.contrasts.interval import jackknife_error
from stages.evaluate.contrasts.permutation import Outcome, mean_score
from stages.evaluate.contrasts.statistics import MEANS, RATES, Reading, per_draw
from stages.evaluate.contrasts.testing import Draws, outcome_of
from stages.evaluate.declared import Contrast
from stages.evaluate.intervals.rates import Tally, n_effective
from stages.evaluate.units import hang_together, least_p

MIN_UNITS = 2
"""Conversations that each arm needs; a draw by itself is one."""


@dataclass(frozen=True)
class Clusters:
    """Which draws hang together, and how small a p the test must be able to give."""

    units: Sequence[Hashable]
    """The unit of each draw of a, then of b."""
    alpha: float
    """A test that cannot give a p this small is left out."""
    confidence: float
    """The confidence of the interval that the effective draws are for."""


def clustered_outcome(
    contrast: Contrast, a: Draws, b: Draws, how: Reading, clusters: Clusters, *, draws: int, seed: int
) -> Outcome | str:
    """The larger p of two tests: conversations exchanged whole, and draws as if they were independent.

    The first is right where conversations are of one size; where those of an arm are larger, it can
    find too much, since an exchange makes the arms unequally large.

    Returns:
        the reason, if there is no test.
    """
    by_draw = outcome_of(contrast, a, b, how, draws=draws, seed=seed)
    if isinstance(by_draw, str):
        return by_draw
    if contrast.statistic not in MEANS:
        return f"{contrast.statistic} compares draws with each other; those of a conversation hang together"
    values, is_a = per_draw(contrast, [*a, *b], how), np.arange(len(a) + len(b)) < len(a)
    counts = ~np.isnan(values)
    values, is_a = values[counts], is_a[counts]
    units = [unit for unit, kept in zip(clusters.units, counts, strict=True) if kept]
    if not hang_together(units):
        return by_draw
    if reason := too_few_units(units, is_a, clusters.alpha):
        return reason
    whole = outcome_of(contrast, a, b, how, draws=draws, seed=seed, units=clusters.units)
    assert isinstance(whole, Outcome)
    found = max(by_draw, whole, key=lambda one: one.p)
    if contrast.statistic in RATES:
        arms = [Tally([*(values[arm] == 1)], _of(units, arm)) for arm in (is_a, ~is_a)]
        worth = [n_effective(arm, clusters.confidence) for arm in arms]
        return replace(found, worth=(worth[0], worth[1]))
    error = jackknife_error(mean_score(values), is_a, units)
    n_units = [len({*_of(units, arm)}) for arm in (is_a, ~is_a)]
    return replace(found, standard_error=error, worth=(n_units[0], n_units[1]))


def too_few_units(units: Sequence[Hashable], is_a: Flags, alpha: float) -> str | None:
    """Why exchanging whole conversations shows nothing; None if it can give p <= alpha."""
    arms = [{*_of(units, arm)} for arm in (is_a, ~is_a)]
    n_a, n_b = map(len, arms)
    if arms[0] & arms[1]:
        return "a conversation has draws of both arms"
    if min(n_a, n_b) < MIN_UNITS:
        return f"needs >= {MIN_UNITS} conversations of each arm; there are {n_a} and {n_b}"
    if (least := least_p(n_a, n_b)) > alpha:
        return f"{n_a} and {n_b} conversations, exchanged whole, give p >= {least:.2g}; needs p <= {alpha}"
    return None


def _of(units: Sequence[Hashable], arm: Flags) -> list[Hashable]:
    return [unit for unit, inside in zip(units, arm, strict=True) if inside]
