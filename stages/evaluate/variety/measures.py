"""How varied is an arm, and how varied would as few people of its dataset be?"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from stages.common.comparison import reference_condition
from stages.common.fields import canonical
from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.variety import VarietyBandRow, VarietyRow
from stages.evaluate.arrays import Floats
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import band_of
from stages.evaluate.chance.shuffling import some_of
from stages.evaluate.intervals.jackknife import jackknife, without_groups
from stages.evaluate.params import EvaluateParams
from stages.evaluate.units import Unit, places_of
from stages.evaluate.values.content import compared, is_whole, too_few_whole
from stages.evaluate.values.similarity import similarities
from stages.evaluate.variety.diversity import facts, vendi_scores
from stages.evaluate.variety.samplers import (
    mean_distance,
    null_distinct,
    null_mean_distances,
    null_vendi_scores,
)

T = TypeVar("T")
NEEDED = 3
"""Profiles that are needed: with one left out, there must still be a pair."""


def variety(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """The variety of every cell; arms with the same reference and n share their nulls."""
    nulls: dict[tuple[str, str, int], dict[str, Floats]] = {}
    fields = compared(study.schema, texts=True)
    for cell in cells:
        whole = cell.whole(fields)
        n = len(whole)
        if n < NEEDED:
            reason = f"{too_few_whole(n, len(cell.profiles), fields)}; needs n >= {NEEDED}"
            yield NotComputed(**cell.where, table="variety", reason=reason)
            continue
        if cell.reference.reason is not None:
            reason = cell.reference.reason
            yield NotComputed(**cell.where, table="variety_band", part="band", reason=reason)
        key = reference_condition(cell.condition), cell.prompt.id, n
        if key not in nulls:
            people = [person for person in cell.reference.profiles if is_whole(person, fields)]
            nulls[key] = _nulls(people, n, study)
        rows = [*_of_pairs(cell, whole, study)]
        yield from rows
        if rows[0].low is None:
            reason = "left out in turn, a conversation leaves fewer than 2 profiles"
            yield NotComputed(**cell.where, table="variety", part="interval", reason=reason)
        for measure, partition in _partitions([profile for profile, _ in whole], study).items():
            yield from _band(cell, study, measure, (n, n), len({*partition}), nulls[key])
        for row in rows:
            yield from _band(cell, study, row.measure, (n, row.n_used), row.value, nulls[key])


def _of_pairs(cell: Cell, whole: Sequence[tuple[Profile, Unit]], study: Study) -> Iterator[VarietyRow]:
    pairs = subsample(whole, study.params, *cell.key)
    used, units = [profile for profile, _ in pairs], places_of(unit for _, unit in pairs)
    able = len(used) - np.bincount(units).max() >= 2
    similarity, n = similarities(used, study.schema, study.ranges), len(whole)
    for measure, formula, least, most in (
        ("mean_distance", mean_distance, 0.0, 1.0),
        ("vendi_score", lambda kernel: float(vendi_scores(kernel)), 1.0, float(len(used))),
    ):
        value = formula(similarity)
        interval: tuple[float | None, float | None] = None, None
        if able:
            low, high = jackknife(value, without_groups(formula, similarity, units), study.params.confidence)
            interval = max(low, least), min(high, most)
        yield VarietyRow(
            **cell.where,
            measure=measure,
            n=n,
            n_used=len(used),
            value=value,
            low=interval[0],
            high=interval[1],
        )


def _band(
    cell: Cell, study: Study, measure: str, counts: tuple[int, int], value: float, nulls: dict[str, Floats]
) -> Iterator[Row]:
    """The row of a measure's band; none without a reference. `counts`: n and n_used."""
    if measure in nulls:
        band = band_of(value, nulls[measure], study.params.confidence)
        yield VarietyBandRow(
            **cell.where,
            measure=measure,
            n=counts[0],
            n_used=counts[1],
            value=float(value),
            band=band,
            n_draws=nulls[measure].size,
        )


def _nulls(people: Sequence[Profile], n: int, study: Study) -> dict[str, Floats]:
    """The null of each measure, by measure; {} without people."""
    if not people:
        return {}
    params, n_used = study.params, min(n, study.params.max_pairwise)
    similarity = similarities(subsample(people, params, "reference"), study.schema, study.ranges)
    partitions = _partitions(people, study).items()
    return {
        **{measure: null_distinct(partition, n, params) for measure, partition in partitions},
        "mean_distance": null_mean_distances(similarity, n_used, params),
        "vendi_score": null_vendi_scores(similarity, n_used, params),
    }


def _partitions(profiles: Sequence[Profile], study: Study) -> dict[str, list[str]]:
    return {
        "distinct": [canonical(profile) for profile in profiles],
        "distinct_facts": [facts(profile, study.schema) for profile in profiles],
    }


def subsample(rows: Sequence[T], params: EvaluateParams, *names: str) -> list[T]:
    """At most `max_pairwise` of the rows, in their order."""
    return some_of(rows, params.max_pairwise, seed=seed_for(params.seed, "pairwise", *names))
