"""The statistics of contrasts: what is read out of each draw, and what becomes of an arm's draws.

Most are means of one number per draw. `variety` is of pairs of draws, `association` of a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stages.common.evaluated import EvaluatedProfile
from stages.common.fields import MISSING, get
from stages.common.levels import MISSING_LEVEL, label
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.evaluate.arrays import Flags, Floats
from stages.evaluate.bias.cramer import strengths
from stages.evaluate.contrasts.permutation import Score
from stages.evaluate.declared import Contrast
from stages.evaluate.format.rules import applying_rules
from stages.evaluate.units import places_of
from stages.evaluate.values.content import compared, content, is_whole, valid
from stages.evaluate.values.distance import number_of
from stages.evaluate.values.quartiles import bin_of, cut_points, numbers_of
from stages.evaluate.variety.diversity import facts

RATES = ("share", "valid", "rules_broken", "copies")
"""Means of 0 and 1."""
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


def per_draw(contrast: Contrast, draws: Sequence[EvaluatedProfile], how: Reading) -> Floats:
    """One number per draw, whose mean is the statistic: shape (n_draws,), NaN where a draw does not count.

    share: 1 if the profile has the level, 0 if it has another; draws without a valid value don't count.
    mean: the number; null, missing and invalid values don't count.
    valid: 1 if the profile fits the schema, 0 for every other draw.
    rules_broken: 1 if the profile breaks an x-rule; those that none applies to don't count.
    copies: 1 if its facts are a training record's.
    """
    found = [_value(contrast, draw, how) for draw in draws]
    return np.array([np.nan if value is None else value for value in found], float)


def _value(contrast: Contrast, draw: EvaluatedProfile, how: Reading) -> float | None:
    if contrast.statistic == "valid":
        return float(draw.valid)
    if draw.profile is None:
        return None
    if contrast.statistic == "rules_broken":
        applies = applying_rules(draw.profile, how.schema)
        return float(bool(draw.broken_rules)) if applies else None
    if contrast.statistic == "copies":
        return float(facts(draw.profile, how.schema) in how.copied)
    value = valid(draw.profile, contrast.field or "", how.schema)
    if contrast.statistic == "share":
        return None if value is MISSING else float(label(value) == label(contrast.level))
    return number_of(value)


def fields_of(contrast: Contrast, how: Reading) -> list[str]:
    """Paths in which a profile needs valid values to count; the statistic's own, or all compared ones."""
    if contrast.statistic == "variety":
        return [field.path for field in compared(how.schema)]
    return [path for path in (contrast.field, contrast.attribute) if path]


def has_all(profile: Profile, paths: Iterable[str], how: Reading) -> bool:
    """Whether it has a valid value in each of the fields."""
    return all(valid(profile, path, how.schema) is not MISSING for path in paths)


def counting(contrast: Contrast, people: Sequence[Profile], how: Reading) -> list[Profile]:
    """The people that would count if an arm had written them, by the rules of `per_draw`."""
    paths, path = fields_of(contrast, how), contrast.field or ""
    kept = [one for one in people if has_all(one, paths, how)]
    if contrast.statistic == "rules_broken":
        return [one for one in kept if applying_rules(one, how.schema)]
    if contrast.statistic == "mean":
        return [one for one in kept if number_of(get(one, path)) is not None]
    return kept


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
