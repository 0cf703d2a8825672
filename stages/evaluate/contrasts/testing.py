"""Read the draws of two arms and test a contrast between them."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import partial
from itertools import compress

import numpy as np

from stages.common.evaluated import EvaluatedProfile
from stages.common.seeds import seed_for
from stages.evaluate.arrays import Flags
from stages.evaluate.cells import Cell, Study
from stages.evaluate.contrasts.interval import jackknife_error
from stages.evaluate.contrasts.permutation import Outcome, mean_score, mean_test, permutation_test
from stages.evaluate.contrasts.statistics import (
    MEANS,
    RATES,
    Reading,
    categories,
    per_draw,
    profiles_score,
    reading_of,
)
from stages.evaluate.declared import Contrast
from stages.evaluate.intervals.rates import Tally, n_effective
from stages.evaluate.units import hang_together, least_p

NEEDED = {"variety": 2, "association": 7}
"""Draws that must count in each arm; 1 for means. With 6, no association in a 2 x 2 table passes chance."""
MIN_UNITS = 2
"""Conversations that each arm needs; a draw by itself is one."""


def compare(contrast: Contrast, a: Cell, b: Cell, study: Study) -> Outcome | str:
    """Test a contrast of two cells; contrasts of equally many draws share the permutations.

    Where draws hang together, the larger p of two tests counts: conversations exchanged whole, and draws
    as if they were independent. The first is right where conversations are of one size; where those of an
    arm are larger, it can find too much, since an exchange makes the arms unequally large.

    Returns:
        the reason, if there is no test.
    """
    params, how, units = study.params, reading_of(contrast, study), [*a.units, *b.units]
    seed = seed_for(params.seed, "permutations")
    run = partial(outcome_of, contrast, a.draws, b.draws, how, draws=params.null_draws, seed=seed)
    by_draw = run()
    if isinstance(by_draw, str) or not hang_together(units):
        return by_draw
    if contrast.statistic not in MEANS:
        return f"{contrast.statistic} compares draws with each other; those of a conversation hang together"
    values, is_a = per_draw(contrast, [*a.draws, *b.draws], how), np.arange(len(units)) < len(a.draws)
    counts = ~np.isnan(values)
    values, is_a, kept = values[counts], is_a[counts], [*compress(units, counts)]
    if not hang_together(kept):
        return by_draw
    if reason := _too_few_units(kept, is_a, params.alpha):
        return reason
    whole = run(units=units)
    assert isinstance(whole, Outcome)
    found = max(by_draw, whole, key=lambda one: one.p)
    of_arms = [(values[arm], [*compress(kept, arm)]) for arm in (is_a, ~is_a)]
    if contrast.statistic in RATES:
        worth_a, worth_b = (n_effective(Tally([*(has == 1)], own), params.confidence) for has, own in of_arms)
        return replace(found, worth=(worth_a, worth_b))
    n_a, n_b = (len({*own}) for _, own in of_arms)
    return replace(found, standard_error=jackknife_error(mean_score(values), is_a, kept), worth=(n_a, n_b))


def outcome_of(
    contrast: Contrast,
    a: Sequence[EvaluatedProfile],
    b: Sequence[EvaluatedProfile],
    how: Reading,
    *,
    draws: int,
    seed: int,
    units: Sequence[Hashable] | None = None,
) -> Outcome | str:
    """The permutation test of a contrast; the reason, if there are too few draws that count.

    `draws` is how many random permutations there are, where not all are gone through. `units` are those of
    the draws of a, then of b, exchanged as one (a conversation); each draw by itself if None.
    """
    pooled = [*a, *b]
    values = per_draw(contrast, pooled, how)
    counts = ~np.isnan(values)
    is_a, values = (np.arange(len(pooled)) < len(a))[counts], values[counts]
    needed, n_a, n_b = NEEDED.get(contrast.statistic, 1), int(is_a.sum()), int((~is_a).sum())
    if min(n_a, n_b) < needed:
        return f"needs n >= {needed} in each arm that can be read for it; there are {n_a} and {n_b}"
    run = {"draws": draws, "seed": seed}
    kept_units = None if units is None else [*compress(units, counts)]
    if contrast.statistic in MEANS:
        found = mean_test(values, is_a, **run, units=kept_units)
        if contrast.statistic in RATES:
            return found
        score = mean_score(values)
    else:
        profiles = [draw.profile for draw in compress(pooled, counts) if draw.profile is not None]
        for path in (contrast.field, contrast.attribute) if contrast.statistic == "association" else ():
            levels = np.array(categories(profiles, path or "", how))
            if min(len({*levels[arm]}) for arm in (is_a, ~is_a)) < 2:
                return f"an arm shows one level of {path} alone"
        score = profiles_score(contrast, profiles, how)
        found = permutation_test(score, is_a, **run, units=kept_units)
    return replace(found, standard_error=jackknife_error(score, is_a))


def _too_few_units(units: Sequence[Hashable], is_a: Flags, alpha: float) -> str | None:
    """Why exchanging whole conversations shows nothing; None if it can give p <= alpha."""
    of_a, of_b = ({*compress(units, arm)} for arm in (is_a, ~is_a))
    n_a, n_b = len(of_a), len(of_b)
    if of_a & of_b:
        return "a conversation has draws of both arms"
    if min(n_a, n_b) < MIN_UNITS:
        return f"needs >= {MIN_UNITS} conversations of each arm; there are {n_a} and {n_b}"
    if (least := least_p(n_a, n_b)) > alpha:
        return f"{n_a} and {n_b} conversations, exchanged whole, give p >= {least:.2g}; needs p <= {alpha}"
    return None
