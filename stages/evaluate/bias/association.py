"""Which protected fields go together with attributes, and how much closer than in the dataset?"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import numpy as np

from stages.common.comparison import reference_condition
from stages.common.seeds import seed_for
from stages.common.tables.base import Row
from stages.common.tables.bias import AmplificationRow, AssociationRow
from stages.evaluate.arrays import Floats
from stages.evaluate.bias.cramer import independent, strength_interval, strengths
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import null_band, p_above
from stages.evaluate.params import EvaluateParams
from stages.evaluate.values.coding import coder
from stages.evaluate.values.crossing import Crossing, crossing


def association(cell: Cell, study: Study) -> Iterator[Row]:
    """Every protected field with every attribute and number."""
    n, needed = len(cell.profiles), study.params.min_n
    if n < needed:
        yield cell.left_out("association", f"profiles parsed: {n}; needs n >= {needed}")
        return
    if cell.reference.reason is not None:
        yield cell.left_out("amplification", cell.reference.reason)
    protected, others = study.schema.by_role("protected"), study.schema.by_role("attribute", "number")
    # the quarters of numbers are the same for all prompts
    people = study.training[reference_condition(cell.condition)]
    codes = {field.path: coder(field, people)[1] for field in (*protected, *others)}
    sides = [
        {path: code(some) for path, code in codes.items()} for some in (cell.content, cell.reference.profiles)
    ]
    for pair in product((field.path for field in protected), (field.path for field in others)):
        here, there = (crossing(*(of_side[path] for path in pair)) for of_side in sides)
        yield from _rows(cell, pair, here, there, study.params)


def _rows(
    cell: Cell, pair: tuple[str, str], here: Crossing, there: Crossing, params: EvaluateParams
) -> Iterator[Row]:
    reason, name = _undefined(here, params.min_n), " × ".join(pair)
    if reason:
        yield cell.left_out("association", reason, name)
        return
    v = float(strengths(here.table.astype(float)))
    rows, columns = (tuple(sorted(here.table.sum(axis=axis).tolist())) for axis in (1, 0))
    null = independent(rows, columns, draws=params.null_draws, seed=params.seed)
    if reason := _mute(v, null, params.confidence):
        yield cell.left_out("association", reason, name)
        return
    band_low, band_high = null_band(null, params.confidence)
    low, high = strength_interval(here.table, params.confidence)
    found = AssociationRow(
        **cell.where,
        field=pair[0],
        attribute=pair[1],
        n=here.n,
        v=v,
        low=min(low, v),
        high=max(high, v),
        p=p_above(v, null),
        band_low=band_low,
        band_high=band_high,
    )
    yield found
    if cell.reference.profiles:
        yield _amplification(cell, found, there, params)


def _mute(v: float, null: Floats, confidence: float) -> str | None:
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


def _amplification(cell: Cell, found: AssociationRow, people: Crossing, params: EvaluateParams) -> Row:
    reason, n = _undefined(people, params.min_reference), found.n
    null = of_samplers(people, n, draws=params.null_draws, seed=params.seed) if not reason else np.empty(0)
    if not null.size:
        reason = f"in the reference, {reason or f'{n} people never have two levels of both'}"
        return cell.left_out("amplification", reason, " × ".join(found.pair))
    v_reference = float(strengths(people.table.astype(float)))
    low, high = null_band(null, params.confidence)
    return AmplificationRow(
        **cell.where,
        field=found.field,
        attribute=found.attribute,
        n=n,
        v=found.v,
        v_reference=v_reference,
        amplification=found.v - v_reference,
        interval_low=found.low - v_reference,
        interval_high=found.high - v_reference,
        amplification_low=low,
        amplification_high=high,
    )


@lru_cache(maxsize=256)
def of_samplers(people: Crossing, n: int, *, draws: int, seed: int) -> Floats:
    """V of n of these people, less V of as many as there are; both are samples, so both are drawn anew.

    Samplers that draw one level only have no V and are left out.
    """
    anew = seed_for(seed, "reference anew")
    found = strengths(people.sampled(n, draws=draws, seed=seed))
    found = found - strengths(people.sampled(people.n, draws=draws, seed=anew))
    return found[~np.isnan(found)]
