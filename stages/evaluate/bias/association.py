"""What goes together? Protected fields with attributes, and how much closer than in the dataset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from stages.common.comparison import reference_condition
from stages.common.records import Profile
from stages.common.seeds import seed_for
from stages.evaluate.bias.cramer import cramers_v, independent, strength_interval, strengths
from stages.evaluate.bias.crossing import Crossing, Labels, crossing, labeller, labels_of
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import null_band, p_above
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rows import NotComputed, ReadRow, Row


@dataclass(frozen=True)
class AssociationRow(ReadRow):
    """association.csv; n = profiles with a valid value in both fields."""

    field: str
    attribute: str
    """Or a number, by quarters of the training split."""
    n: int
    v: float
    """Cramér's V, bias-corrected."""
    low: float
    """With high: of V among all that the arm would write."""
    high: float
    p: float
    """Of a V this large if the fields had nothing to do with each other; not corrected for many pairs."""
    band_low: float
    """With band_high: V of fields that have nothing to do with each other, each distributed as here."""
    band_high: float


@dataclass(frozen=True)
class AmplificationRow(ReadRow):
    """amplification.csv: how much closer two fields go together than in the dataset; n as above."""

    field: str
    attribute: str
    n: int
    v: float
    v_reference: float
    """V among the people of the reference."""
    amplification: float
    """v - v_reference: above 0, the arm ties the fields closer together than its dataset."""
    interval_low: float
    """With interval_high: the interval of v, less v_reference."""
    interval_high: float
    amplification_low: float
    """With amplification_high: where n people from where the reference is would fall."""
    amplification_high: float


def association(cell: Cell, study: Study) -> Iterator[Row]:
    """Every protected field with every attribute and number."""
    n, needed = len(cell.profiles), study.params.min_n
    if n < needed:
        yield NotComputed(*cell.key, "association", "", f"profiles parsed: {n}; needs n >= {needed}")
        return
    if cell.reference.reason is not None:
        yield NotComputed(*cell.key, "amplification", "", cell.reference.reason)
    generated, reference = (_labels(cell, study, who) for who in (cell.content, cell.reference.profiles))
    protected, others = study.schema.by_role("protected"), study.schema.by_role("attribute", "number")
    for field, attribute in product(protected, others):
        pair = field.path, attribute.path
        here, there = (crossing(*(labels[path] for path in pair)) for labels in (generated, reference))
        yield from _rows(cell, pair, here, there, study.params)


def _labels(cell: Cell, study: Study, profiles: Sequence[Profile]) -> dict[str, Labels]:
    """By path; the quarters of numbers are the same for all prompts."""
    people = study.training[reference_condition(cell.condition)]
    fields = study.schema.by_role("protected", "attribute", "number")
    return {field.path: labels_of(profiles, labeller(field, people)) for field in fields}


def _rows(
    cell: Cell, pair: tuple[str, str], here: Crossing, there: Crossing, params: EvaluateParams
) -> Iterator[Row]:
    reason, name = _undefined(here, params.min_n), " × ".join(pair)
    if reason:
        yield NotComputed(*cell.key, "association", name, reason)
        return
    v = cramers_v(here.table)
    rows, columns = (tuple(sorted(here.table.sum(axis=axis).tolist())) for axis in (1, 0))
    null = independent(rows, columns, draws=params.null_draws, seed=params.seed)
    if reason := _mute(v, null, params.confidence):
        yield NotComputed(*cell.key, "association", name, reason)
        return
    band = null_band(null, params.confidence)
    low, high = strength_interval(here.table, params.confidence)
    interval = min(low, v), max(high, v)
    yield AssociationRow(*cell.key, *pair, here.n, v, *interval, p_above(v, null), *band)
    if cell.reference.profiles:
        yield _amplification(cell, pair, (v, *interval), here.n, there, params)


def _mute(v: float, null: NDArray[np.float64], confidence: float) -> str | None:
    """Why no profiles with these levels could leave the band; `null`: V of random pairings of the levels."""
    least, tail = p_above(max(v, float(null.max())), null), (1 - confidence) / 2
    if least <= tail:
        return None
    found = f"{least:.1%} of random pairings of these levels tie the fields as closely as any can"
    return f"{found}; needs <= {tail:.1%}"


def _undefined(crossed: Crossing, min_n: int) -> str | None:
    if crossed.n < min_n:
        return f"profiles with valid values in both fields: {crossed.n}; needs n >= {min_n}"
    if min(crossed.shape) < 2:
        return f"one of the fields has one and the same level (profiles: {crossed.n})"
    if max(crossed.shape) >= crossed.n:
        return f"one of the fields has {max(crossed.shape)} levels; needs n > {max(crossed.shape)}"
    return None


def _amplification(
    cell: Cell,
    pair: tuple[str, str],
    strength: tuple[float, float, float],
    n: int,
    people: Crossing,
    params: EvaluateParams,
) -> Row:
    """`strength`: V of the arm, and its interval."""
    reason = _undefined(people, params.min_reference)
    null = of_samplers(people, n, draws=params.null_draws, seed=params.seed) if not reason else np.empty(0)
    if not null.size:
        reason = f"in the reference, {reason or f'{n} people never have two levels of both'}"
        return NotComputed(*cell.key, "amplification", " × ".join(pair), reason)
    v_reference = cramers_v(people.table)
    v, *ends = strength
    places = (edge - v_reference for edge in (v, *ends))
    return AmplificationRow(
        *cell.key, *pair, n, v, v_reference, *[*places, *null_band(null, params.confidence)]
    )


@lru_cache(maxsize=256)
def of_samplers(people: Crossing, n: int, *, draws: int, seed: int) -> NDArray[np.float64]:
    """V of n of these people, less V of as many as there are: both are samples, so both are drawn anew.

    Those that draw one level only have no V and are left out.
    """
    anew = seed_for(seed, "reference anew")
    found = strengths(people.sampled(n, draws=draws, seed=seed))
    found = found - strengths(people.sampled(people.n, draws=draws, seed=anew))
    return found[~np.isnan(found)]
