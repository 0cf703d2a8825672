"""Do the fields fit together as in the dataset? Pairs, and what their margins do not explain."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import TypedDict

import numpy as np

from stages.common.seeds import seed_for
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.fidelity import JointExcessRow, JointRow
from stages.common.variation import variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import Numbers, band_of, incomparable, p_above
from stages.evaluate.fidelity.fitting import UNFITTED, joint_excess, with_one_more
from stages.evaluate.fidelity.pair_intervals import (
    Distance,
    pair_counts,
    pair_interval,
    pair_variation,
    unsafe,
)
from stages.evaluate.fidelity.pair_nulls import null_excesses, null_variations, pair_shares
from stages.evaluate.fidelity.pairs import MOST_PAIRS, pairs_of
from stages.evaluate.params import EvaluateParams
from stages.evaluate.values.coding import NONE, Coded, coded
from stages.evaluate.values.content import too_few_valid


class _About(TypedDict):
    field: str
    field_2: str
    roles: str


def joint(cell: Cell, study: Study) -> Iterator[Row]:
    """Every pair of protected fields, attributes and numbers that the prompt does not fix."""
    if reason := incomparable(cell):
        yield NotComputed(**cell.where, table="joint", reason=reason)
        return
    fields = study.schema.by_role("protected", "attribute", "number")
    free = [coded(field, cell) for field in fields if field.path not in cell.prompt.given]
    pairs, n_left_out = pairs_of(free)
    if n_left_out:
        reason = (
            f"{n_left_out} pairs without a protected field; of more than {MOST_PAIRS}, only those with one"
        )
        yield NotComputed(**cell.where, table="joint", reason=reason)
    for first, second in pairs:
        n_cells = first.n_levels * second.n_levels
        both = _both(first, second)
        if n_cells > study.params.max_joint_cells:
            many = f"{n_cells} cells; needs <= {study.params.max_joint_cells} (evaluate.max_joint_cells)"
            yield NotComputed(**cell.where, table="joint", field=_name(first, second), reason=many)
        elif reason := _lacking(both[0], len(cell.profiles)):
            yield NotComputed(**cell.where, table="joint", field=_name(first, second), reason=reason)
        else:
            yield from _distance(*both, cell, study.params)
            yield from _excess(*both, cell, study.params)


def _lacking(one_of_both: Coded, n_readable: int) -> str | None:
    """Why too few profiles or people have both fields."""
    if reason := too_few_valid(len(one_of_both.generated), n_readable, "valid values in both fields"):
        return reason
    return None if len(one_of_both.reference) else "nobody in the reference has both fields"


def _both(first: Coded, second: Coded) -> tuple[Coded, Coded]:
    """Either field, of the profiles and the people that have both."""
    here = (first.generated != NONE) & (second.generated != NONE)
    there = (first.reference != NONE) & (second.reference != NONE)
    return (
        replace(first, generated=first.generated[here], reference=first.reference[there]),
        replace(second, generated=second.generated[here], reference=second.reference[there]),
    )


def _distance(first: Coded, second: Coded, cell: Cell, params: EvaluateParams) -> Iterator[Row]:
    shape, n = (first.n_levels, second.n_levels), len(first.generated)
    shares = pair_shares(first.generated, second.generated, shape)
    reference = pair_shares(first.reference, second.reference, shape)
    people = tuple(first.reference.tolist()), tuple(second.reference.tolist())
    null = null_variations(*people, n, draws=params.null_draws, seed=params.seed)
    tv = float(variations(shares.ravel(), reference.ravel()))
    n_cells = int(np.count_nonzero(shares + reference))
    margin = max(float(variations(shares.sum(axis), reference.sum(axis))) for axis in (0, 1))
    band, p = band_of(tv, null, params.confidence), p_above(tv, null)
    about, tables = _about(first, second), (shares * n, reference)
    low, high = yield from _interval(pair_variation, "joint", cell, about, tables, p, params)
    yield JointRow(
        **cell.where,
        **about,
        n=n,
        n_cells=n_cells,
        tv=tv,
        tv_margin=margin,
        low=low,
        high=high,
        band=band,
        p=p,
    )


def _excess(first: Coded, second: Coded, cell: Cell, params: EvaluateParams) -> Iterator[Row]:
    shape, n = (first.n_levels, second.n_levels), len(first.generated)
    shares = pair_shares(first.generated, second.generated, shape)
    people_shares = pair_shares(first.reference, second.reference, shape)
    reference = with_one_more(people_shares, len(first.reference))
    excess = float(joint_excess(shares, reference))
    excess = min(excess, float(variations(shares.ravel(), people_shares.ravel())))  # NaN stays
    if np.isnan(excess):
        yield NotComputed(**cell.where, table="joint_excess", field=_name(first, second), reason=UNFITTED)
        return
    people = tuple(first.reference.tolist()), tuple(second.reference.tolist())
    null = null_excesses(*people, n, draws=params.null_draws, seed=params.seed)
    band, p = band_of(excess, null, params.confidence), p_above(excess, null)
    about, tables = _about(first, second), (shares * n, reference)
    low, high = yield from _interval(joint_excess, "joint_excess", cell, about, tables, p, params)
    yield JointExcessRow(**cell.where, **about, n=n, excess=excess, low=low, high=high, band=band, p=p)


def _interval(
    distance: Distance,
    table: str,
    cell: Cell,
    about: _About,
    tables: tuple[Numbers, Numbers],
    p: float,
    params: EvaluateParams,
) -> Generator[Row, None, tuple[float | None, float | None]]:
    """The interval; or none, and the row that says why. `tables`: counts of profiles, shares of people."""
    pair = pair_counts(tables[0].round().astype(np.intp), tables[1])
    if not (reason := unsafe(distance, pair)):
        seed = seed_for(params.seed, "interval", table.replace("_", " "), *cell.key, *_names(about))
        found = pair_interval(distance, pair, p, confidence=params.confidence, seed=seed)
        if found is not None:
            return found
        reason = UNFITTED
    field = f"{about['field']} x {about['field_2']}"
    yield NotComputed(**cell.where, table=table, part="interval", field=field, reason=reason)
    return None, None


def _names(about: _About) -> tuple[str, str, str]:
    return about["field"], about["field_2"], about["roles"]


def _about(first: Coded, second: Coded) -> _About:
    roles = f"{first.field.role} x {second.field.role}"
    return {"field": first.field.path, "field_2": second.field.path, "roles": roles}


def _name(first: Coded, second: Coded) -> str:
    return f"{first.field.path} x {second.field.path}"
