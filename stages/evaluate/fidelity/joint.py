"""Do the fields fit together as in the dataset? What the margins of a pair do not explain."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from stages.common.seeds import seed_for
from stages.common.tables.base import Row
from stages.common.tables.fidelity import JointExcessRow
from stages.common.variation import variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import band_of, p_above
from stages.evaluate.fidelity.fitting import UNFITTED, joint_excess, with_one_more
from stages.evaluate.fidelity.pairs import null_excesses, pair_counts, pair_interval, pair_shares, unsafe
from stages.evaluate.params import EvaluateParams
from stages.evaluate.values.coding import NONE, Coded, coded
from stages.evaluate.values.content import too_few_valid
from stages.evaluate.values.crossing import crossing

MOST_PAIRS = 500
"""33 fields have 528 pairs; the pairs of 124 fields would be 7,626 rows for every arm and prompt."""


def joint(cell: Cell, study: Study) -> Iterator[Row]:
    """Every pair of protected fields, attributes and numbers that the prompt does not fix."""
    if reason := cell.incomparable:
        yield cell.left_out("joint_excess", reason)
        return
    fields = study.schema.by_role("protected", "attribute", "number")
    free = [
        coded(field, cell.content, cell.reference.profiles)
        for field in fields
        if field.path not in cell.prompt.given
    ]
    pairs, n_left_out = pairs_of(free)
    if n_left_out:
        reason = (
            f"{n_left_out} pairs without a protected field; of more than {MOST_PAIRS}, only those with one"
        )
        yield cell.left_out("joint_excess", reason)
    for first, second in pairs:
        n_cells, name = first.n_levels * second.n_levels, f"{first.field.path} x {second.field.path}"
        both = _both(first, second)
        if n_cells > study.params.max_joint_cells:
            many = f"{n_cells} cells; needs <= {study.params.max_joint_cells} (evaluate.max_joint_cells)"
            yield cell.left_out("joint_excess", many, name)
        elif reason := _lacking(both[0], len(cell.profiles)):
            yield cell.left_out("joint_excess", reason, name)
        else:
            yield from _rows(*both, cell, study.params)


def pairs_of(fields: Sequence[Coded]) -> tuple[list[tuple[Coded, Coded]], int]:
    """The pairs in the order of the fields, and how many are left out.

    More than MOST_PAIRS are too many: then only pairs with a protected field stay.
    """
    pairs = [*combinations(fields, 2)]
    if len(pairs) <= MOST_PAIRS:
        return pairs, 0
    kept = [pair for pair in pairs if "protected" in {one.field.role for one in pair}]
    return kept, len(pairs) - len(kept)


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


def _rows(first: Coded, second: Coded, cell: Cell, params: EvaluateParams) -> Iterator[Row]:
    shape, n = (first.n_levels, second.n_levels), len(first.generated)
    field, field_2, roles = first.field.path, second.field.path, f"{first.field.role} x {second.field.role}"
    name = f"{field} x {field_2}"
    shares = pair_shares(first.generated, second.generated, shape)
    reference = pair_shares(first.reference, second.reference, shape)
    smoothed = with_one_more(reference, len(first.reference))
    excess = float(joint_excess(shares, smoothed))
    excess = min(excess, float(variations(shares.ravel(), reference.ravel())))  # NaN stays
    if np.isnan(excess):
        yield cell.left_out("joint_excess", UNFITTED, name)
        return
    null = null_excesses(
        crossing(first.reference, second.reference), n, draws=params.null_draws, seed=params.seed
    )
    p, low, high = p_above(excess, null), None, None
    pair = pair_counts((shares * n).round().astype(np.intp), smoothed)
    reason = unsafe(pair)
    if not reason:
        seed = seed_for(params.seed, "interval", "joint excess", *cell.key, field, field_2, roles)
        if ends := pair_interval(pair, p, confidence=params.confidence, seed=seed):
            low, high = ends
        else:
            reason = UNFITTED
    if reason:
        yield cell.left_out("joint_excess", reason, name, part="interval")
    yield JointExcessRow(
        **cell.where,
        field=field,
        field_2=field_2,
        roles=roles,
        n=n,
        excess=excess,
        low=low,
        high=high,
        band=band_of(excess, null, params.confidence),
        p=p,
    )
