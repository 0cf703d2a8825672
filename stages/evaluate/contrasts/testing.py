"""Read the draws of two arms and test a contrast between them."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from stages.common.evaluated import EvaluatedProfile
from stages.common.records import Profile
from stages.evaluate.arrays import Flags
from stages.evaluate.contrasts.interval import jackknife_error
from stages.evaluate.contrasts.permutation import Outcome, Score, mean_score, mean_test, permutation_test
from stages.evaluate.contrasts.statistics import (
    MEANS,
    RATES,
    Reading,
    association_score,
    categories,
    differing,
    fields_of,
    has_all,
    per_draw,
    variety_score,
)
from stages.evaluate.declared import Contrast

Draws: TypeAlias = Sequence[EvaluatedProfile]
NEEDED = {"variety": 2, "association": 7}
"""Draws that must count in each arm; 1 for means. With 6, no association in a 2 x 2 table passes chance."""


def outcome_of(
    contrast: Contrast,
    a: Draws,
    b: Draws,
    how: Reading,
    *,
    draws: int,
    seed: int,
    units: Sequence[Hashable] | None = None,
) -> Outcome | str:
    """The permutation test of a contrast; the reason, if there are too few draws that count.

    Args:
        draws: random permutations, where not all are gone through.
        units: the unit of each draw of a, then of b, exchanged as one (a conversation); each draw if None.
    """
    pooled = [*a, *b]
    is_a = np.arange(len(pooled)) < len(a)
    values = values_of(contrast, pooled, how)
    counts = ~np.isnan(values)
    needed = NEEDED.get(contrast.statistic, 1)
    n_a, n_b = int((counts & is_a).sum()), int((counts & ~is_a).sum())
    if min(n_a, n_b) < needed:
        return f"needs n >= {needed} in each arm that can be read for it; there are {n_a} and {n_b}"
    kept_units = None if units is None else [unit for unit, kept in zip(units, counts, strict=True) if kept]
    kept = [draw for draw, counted in zip(pooled, counts, strict=True) if counted]
    if contrast.statistic in MEANS:
        found = mean_test(values[counts], is_a[counts], draws=draws, seed=seed, units=kept_units)
        rate = contrast.statistic in RATES
        return found if rate else _with_error(found, mean_score(values[counts]), is_a[counts])
    if contrast.statistic == "association" and (lone := _lone(contrast, kept, is_a[counts], how)):
        return f"an arm shows one level of {lone} alone"
    score = profiles_score(contrast, [draw.profile for draw in kept if draw.profile is not None], how)
    found = permutation_test(score, is_a[counts], draws=draws, seed=seed, units=kept_units)
    return _with_error(found, score, is_a[counts])


def _lone(contrast: Contrast, kept: Draws, is_a: Flags, how: Reading) -> str:
    """The field of an association that does not vary within an arm; "" if both do."""
    profiles = [draw.profile for draw in kept if draw.profile is not None]
    for path in (contrast.field or "", contrast.attribute or ""):
        levels = np.array(categories(profiles, path, how))
        if min(len(set(levels[arm])) for arm in (is_a, ~is_a)) < 2:
            return path
    return ""


def _with_error(found: Outcome, score: Score, is_a: Flags) -> Outcome:
    return replace(found, standard_error=jackknife_error(score, is_a))


def values_of(contrast: Contrast, pooled: Draws, how: Reading) -> np.ndarray:
    """One number per draw: NaN where it does not count, 1 where it counts and the statistic is no mean."""
    if contrast.statistic in MEANS:
        return per_draw(contrast, pooled, how)
    paths = fields_of(contrast, how)
    profiles = [draw.profile for draw in pooled]
    return np.array([1.0 if one is not None and has_all(one, paths, how) else np.nan for one in profiles])


def profiles_score(contrast: Contrast, profiles: Sequence[Profile], how: Reading) -> Score:
    """The score of a statistic that is no mean."""
    if contrast.statistic == "variety":
        return variety_score(differing(profiles, how.schema))
    paths = contrast.field or "", contrast.attribute or ""
    return association_score(*(categories(profiles, path, how) for path in paths))
