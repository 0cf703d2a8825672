"""How varied is an arm, and how varied would as few people of its dataset be?"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from stages.common.comparison import reference_condition
from stages.common.fields import canonical
from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.common.tables.base import Row
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
            yield cell.left_out("variety", reason)
            continue
        if cell.reference.reason is not None:
            yield cell.left_out("variety_band", cell.reference.reason, part="band")
        key = reference_condition(cell.condition), cell.prompt.id, n
        if key not in nulls:
            people = [person for person in cell.reference.profiles if is_whole(person, fields)]
            nulls[key] = _nulls(people, n, study)
        rows = [*_of_pairs(cell, whole, study)]
        yield from rows
        if rows[0].low is None:
            reason = "left out in turn, a conversation leaves fewer than 2 profiles"
            yield cell.left_out("variety", reason, part="interval")
        partitions = _partitions([profile for profile, _ in whole], study).items()
        found = {measure: (n, float(len({*partition}))) for measure, partition in partitions}
        found |= {row.measure: (row.n_used, row.value) for row in rows}
        for measure, null in nulls[key].items():
            n_used, value = found[measure]
            yield VarietyBandRow(
                **cell.where,
                measure=measure,
                n=n,
                n_used=n_used,
                value=value,
                band=band_of(value, null, study.params.confidence),
                n_draws=null.size,
            )


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
