"""How far are the generated shares from the dataset's, and how far would chance put them?"""

from collections.abc import Iterator

import numpy as np

from stages.common.seeds import seed_for
from stages.common.tables.base import Row
from stages.common.tables.fidelity import TotalVariationRow
from stages.common.variation import variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import band_of, null_counts, p_above
from stages.evaluate.intervals.ends import distance_interval, posterior_shares
from stages.evaluate.values.coding import Coded, coded


def fidelity(cell: Cell, study: Study) -> Iterator[Row]:
    """The total variation of every protected field and attribute."""
    if reason := cell.incomparable:
        yield cell.left_out("total_variation", reason)
        return
    for field in study.schema.by_role("protected", "attribute"):
        values = coded(field, cell.content, cell.reference.profiles)
        if reason := values.lacking():
            yield cell.left_out("total_variation", reason, field.path)
        else:
            yield from _rows(values, cell, study)


def _rows(field: Coded, cell: Cell, study: Study) -> Iterator[Row]:
    params, n, path = study.params, len(field.written), field.field.path
    counts = np.bincount(field.written, minlength=field.n_levels)
    reference = np.bincount(field.people, minlength=field.n_levels) / len(field.people)
    samplers = null_counts(field.people, field.n_levels, n, draws=params.null_draws, seed=params.seed)
    tv, null = float(variations(counts / n, reference)), variations(samplers / n, reference)
    p, low, high = p_above(tv, null), None, None
    if reason := _unsafe(n, int(np.count_nonzero(counts + reference))):
        yield cell.left_out("total_variation", reason, path, part="interval")
    else:
        seed = seed_for(params.seed, "posterior", *cell.key, path)
        posterior = posterior_shares(counts, draws=params.null_draws, seed=seed)
        low, high = distance_interval(tv, variations(posterior, reference), p, params.confidence)
    yield TotalVariationRow(
        **cell.where,
        field=path,
        role=field.field.role,
        n=n,
        tv=tv,
        low=low,
        high=high,
        band=band_of(tv, null, params.confidence),
        p=p,
    )


def _unsafe(n: int, n_levels: int) -> str | None:
    """Why the interval would hold the truth too seldom; None if it would not.

    In simulated arms, intervals outside of these limits held it in as few as 4 % of cases; see method.md.
    """
    needed = (n_levels**2 + 1) // 2
    return f"profiles: {n}, levels: {n_levels}; needs n >= {needed}" if n_levels > 5 and n < needed else None
