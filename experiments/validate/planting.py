"""What a minimum detectable effect means: an effect of that size, planted in simulated draws.

Arm a is n profiles drawn from the reference, arm b what `planted` makes of the same reference.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import numpy as np

from stages.common.fields import MISSING, get, put, take
from stages.common.levels import label
from stages.common.records import Profile
from stages.evaluate.arrays import Flags, Places
from stages.evaluate.contrasts.simulation import partners
from stages.evaluate.contrasts.statistics import Reading, categories
from stages.evaluate.declared import Contrast
from stages.evaluate.values.numbers import number_of

Rng: TypeAlias = np.random.Generator
People: TypeAlias = Places
"""Indices in the pool."""
Drawn: TypeAlias = list[Profile | None]
T = TypeVar("T")
MAX_TRIES = 10_000
"""Recombinations of people until one breaks a rule."""


@dataclass(frozen=True)
class Plan:
    """What an effect is planted in."""

    contrast: Contrast
    pool: Sequence[Profile]
    """The reference; for `copies` no training records, for `rules_broken` people whom a rule is about."""
    how: Reading
    training: Sequence[Profile]
    """Training records, to be copied."""

    def has(self, profile: Profile) -> bool:
        """What the rate of `share` or `rules_broken` counts."""
        if self.contrast.statistic == "rules_broken":
            return bool(self.how.schema.broken_rules(profile))
        return label(get(profile, self.contrast.field or "")) == label(self.contrast.level)

    @cached_property
    def holds(self) -> Flags:
        """Shape (n_pool,): `has` of everyone."""
        return np.array([self.has(profile) for profile in self.pool])


def planted(plan: Plan, effect: float, n: int, rng: Rng) -> Drawn:
    """n draws that differ from the pool by `effect`; None is a draw without a profile.

    share, rules_broken: the rate is that of the pool + effect. valid: the rate is 1 + effect (effect <= 0).
    copies: a share `effect` of draws repeats a training record.
    mean: every number is larger by `effect`.
    variety: a share `effect` of draws is one and the same profile (collapse).
    association: in a share `effect` of draws the second field follows from the first, see `partners`.

    Raises:
        ValueError: if a rate would leave [0, 1].
    """
    return _PLANTERS[plan.contrast.statistic](plan, effect, rng.integers(len(plan.pool), size=n), rng)


def _rate(plan: Plan, effect: float, who: People, rng: Rng) -> Drawn:
    """Those without a property get it (effect > 0) or those with it lose it, as often as the rate needs."""
    base, gains = float(plan.holds.mean()), effect > 0
    if not -1e-9 <= base + effect <= 1 + 1e-9:
        raise ValueError(f"a rate of {base:g} cannot change by {effect:g}")
    changing = rng.random(len(who)) * (1 - base if gains else base) < abs(effect)
    changing &= plan.holds[who] != gains
    source = [one for one, holds in zip(plan.pool, plan.holds, strict=True) if holds == gains]
    changed = _with_level if plan.contrast.statistic == "share" else _another
    return [
        changed(plan, plan.pool[i], source, rng, gains=gains) if change else plan.pool[i]
        for i, change in zip(who, changing, strict=True)
    ]


def _with_level(plan: Plan, profile: Profile, source: list[Profile], rng: Rng, *, gains: bool) -> Profile:
    """A person with the level instead, or with another one that the pool has, or the schema."""
    path = plan.contrast.field or ""
    if gains:
        return _with(profile, path, plan.contrast.level)
    field = plan.how.schema.field(path)
    others = [one for one in (field.levels if field else ()) if label(one) != label(plan.contrast.level)]
    values = [get(person, path) for person in source] or others or [MISSING]
    return _with(profile, path, _pick(values, rng))


def _another(plan: Plan, _: Profile, source: list[Profile], rng: Rng, *, gains: bool) -> Profile:
    """Another person of the pool; where there is none, fields of several people put together."""
    if source:
        return _pick(source, rng)
    for _try in range(MAX_TRIES):
        mixed: Profile = {}
        for field in plan.how.schema.fields:
            mixed = _with(mixed, field.path, get(_pick(plan.pool, rng), field.path))
        if plan.has(mixed) == gains:
            return mixed
    raise ValueError(f"no mixture of {len(plan.pool)} people will do")


def _valid(plan: Plan, effect: float, who: People, rng: Rng) -> Drawn:
    return [None if rng.random() < -effect else plan.pool[i] for i in who]


def _copies(plan: Plan, effect: float, who: People, rng: Rng) -> Drawn:
    return [_pick(plan.training, rng) if rng.random() < effect else plan.pool[i] for i in who]


def _collapsed(plan: Plan, effect: float, who: People, rng: Rng) -> Drawn:
    one = _pick(plan.pool, rng)
    return [one if rng.random() < effect else plan.pool[i] for i in who]


def _mean(plan: Plan, effect: float, who: People, rng: Rng) -> Drawn:
    path = plan.contrast.field or ""
    people = [plan.pool[i] for i in who]
    numbers = [number_of(get(person, path)) for person in people]
    return [
        person if number is None else _with(person, path, number + effect)
        for person, number in zip(people, numbers, strict=True)
    ]


def _association(plan: Plan, effect: float, who: People, rng: Rng) -> Drawn:
    second = plan.contrast.attribute or ""
    rows = categories(plan.pool, plan.contrast.field or "", plan.how)
    columns = categories(plan.pool, second, plan.how)
    values: dict[str, list[Any]] = {}
    for column, person in zip(columns, plan.pool, strict=True):
        values.setdefault(column, []).append(get(person, second))
    partner = partners(rows, columns)
    return [
        _with(plan.pool[i], second, _pick(values[partner[rows[i]]], rng))
        if rng.random() < effect
        else plan.pool[i]
        for i in who
    ]


_PLANTERS: dict[str, Callable[[Plan, float, People, Rng], Drawn]] = {
    "share": _rate,
    "mean": _mean,
    "valid": _valid,
    "rules_broken": _rate,
    "copies": _copies,
    "variety": _collapsed,
    "association": _association,
}


def _with(profile: Profile, path: str, value: Any) -> Profile:
    """A changed copy; MISSING leaves the field out."""
    changed = deepcopy(profile)
    if value is MISSING:
        take(changed, path)
    else:
        put(changed, path, value)
    return changed


def _pick(items: Sequence[T], rng: Rng) -> T:
    return items[int(rng.integers(len(items)))]
