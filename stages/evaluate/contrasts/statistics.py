"""The statistics of contrasts: what is read out of each draw, and what becomes of an arm's draws.

Most are means of one number per draw. `variety` is of pairs of draws, `association` of a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stages.common.comparison import condition_of, reference_condition
from stages.common.evaluated import EvaluatedProfile
from stages.common.fields import MISSING, get
from stages.common.levels import MISSING_LEVEL, label
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.evaluate.arrays import Flags, Floats
from stages.evaluate.bias.cramer import strengths
from stages.evaluate.cells import Study
from stages.evaluate.contrasts.permutation import Score
from stages.evaluate.declared import Contrast
from stages.evaluate.format.rules import applying_rules
from stages.evaluate.units import places_of
from stages.evaluate.values.content import compared, content, is_whole, valid
from stages.evaluate.values.numbers import bin_of, cut_points, number_of, numbers_of
from stages.evaluate.variety.diversity import facts

RATES = ("share", "valid", "rules_broken", "copies")
"""Means of zeros and ones."""
MEANS = (*RATES, "mean")


@dataclass(frozen=True)
class Reading:
    """What every draw is read with, whichever arm wrote it."""

    schema: ProfileSchema
    records: tuple[Profile, ...]
    """The training records that either arm may have learnt from."""

    @cached_property
    def copied(self) -> frozenset[str]:
        """The facts of the records."""
        return frozenset(facts(record, self.schema) for record in self.records)

    @cached_property
    def quartiles(self) -> dict[str, Floats]:
        """The cut points of each number field among the records, by path."""
        paths = [field.path for field in self.schema.by_role("number")]
        return {path: cut_points(numbers_of(path, self.records)) for path in paths}


def reading_of(contrast: Contrast, study: Study) -> Reading:
    conditions = {reference_condition(condition_of(arm)) for arm in (contrast.arm_a, contrast.arm_b)}
    return Reading(study.schema, tuple(one for name in sorted(conditions) for one in study.training[name]))


def per_draw(contrast: Contrast, draws: Sequence[EvaluatedProfile], how: Reading) -> Floats:
    """What each draw adds to the statistic: shape (n_draws,), NaN where it does not count.

    The mean is the statistic, if it is one of MEANS. `valid` counts every draw: 0 where it does not fit
    the schema. See `value_of`.
    """
    if contrast.statistic == "valid":
        return np.array([draw.valid for draw in draws], float)
    profiles = (draw.profile for draw in draws)
    return np.array([None if one is None else value_of(contrast, one, how) for one in profiles], float)


def value_of(contrast: Contrast, profile: Profile, how: Reading) -> float | None:
    """What a profile adds to the statistic; None if it does not count.

    share: 1 if it has the level, 0 if it has another valid value.
    mean: the number.
    rules_broken: 1 if it breaks an x-rule; profiles that none applies to don't count.
    copies: 1 if its facts are a training record's.
    variety, association: 1, if it has a valid value in each of their fields.
    """
    path, schema = contrast.field or "", how.schema
    match contrast.statistic:
        case "valid":
            return 1.0
        case "rules_broken":
            return float(bool(schema.broken_rules(profile))) if applying_rules(profile, schema) else None
        case "copies":
            return float(facts(profile, schema) in how.copied)
        case "share":
            value = valid(profile, path, schema)
            return None if value is MISSING else float(label(value) == label(contrast.level))
        case "mean":
            return number_of(valid(profile, path, schema))
        case "variety":
            paths = [field.path for field in compared(schema)]
        case _:
            paths = [path, contrast.attribute or ""]
    return 1.0 if all(valid(profile, path, schema) is not MISSING for path in paths) else None


def counting(contrast: Contrast, people: Sequence[Profile], how: Reading) -> list[Profile]:
    """The people that would count if an arm had written them."""
    return [one for one in people if value_of(contrast, one, how) is not None]


def profiles_score(contrast: Contrast, profiles: Sequence[Profile], how: Reading) -> Score:
    """The score of a statistic that is no mean."""
    if contrast.statistic == "variety":
        return variety_score(differing(profiles, how.schema))
    paths = contrast.field or "", contrast.attribute or ""
    return association_score(*(categories(profiles, path, how) for path in paths))


def differing(profiles: Sequence[Profile], schema: ProfileSchema) -> Floats:
    """The share of compared fields in which two profiles differ, text fields left out.

    Shape (n, n); NaN where one of the two has no valid value in one of these fields.
    """
    fields = compared(schema)
    profiles = [content(profile, schema) for profile in profiles]
    total = np.zeros((len(profiles), len(profiles)))
    for field in fields:
        codes = places_of(label(get(profile, field.path)) for profile in profiles)
        total += codes[:, None] != codes
    whole = [is_whole(profile, fields) for profile in profiles]
    total[~np.outer(whole, whole)] = np.nan
    return total / max(1, len(fields))


def variety_score(differ: Floats) -> Score:
    """The mean of `differ` over pairs of different draws: 0 if all are alike, 1 if none share a fact."""
    counts, differ = ~np.isnan(differ.diagonal()), np.nan_to_num(differ)

    def score(flags: Flags) -> Floats:
        chosen = (flags & counts).astype(float)
        n = chosen.sum(axis=1)
        pairs: Floats = ((chosen @ differ) * chosen).sum(axis=1) / (n * (n - 1))
        return pairs

    return score


def categories(profiles: Sequence[Profile], path: str, how: Reading) -> list[str]:
    """The label of each profile's valid value; for number fields, the quartile of the training records."""
    return [_category(valid(profile, path, how.schema), how.quartiles.get(path)) for profile in profiles]


def _category(value: object, quartiles: Floats | None) -> str:
    found = None if quartiles is None else bin_of(value, quartiles)
    return label(value) if found is None else f"quartile {1 + found}"


def association_score(rows: Sequence[str], columns: Sequence[str]) -> Score:
    """Bias-corrected Cramér's V of the draws' categories; 0 where a field has one category only.

    Draws without a valid value in one of the fields do not count.
    """
    row, column = places_of(rows), places_of(columns)
    shape = int(row.max()) + 1, int(column.max()) + 1
    cell = np.eye(shape[0] * shape[1])[row * shape[1] + column]
    cell[[MISSING_LEVEL in both for both in zip(rows, columns, strict=True)]] = 0
    return lambda flags: np.nan_to_num(strengths((flags.astype(float) @ cell).reshape(-1, *shape)))
