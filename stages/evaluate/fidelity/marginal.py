"""How far are the generated shares from the dataset's, and how far would chance put them?"""

from collections.abc import Iterator

import numpy as np
from scipy.special import rel_entr

from stages.common.seeds import seed_for
from stages.common.tables.base import Band, NotComputed, Row
from stages.common.tables.fidelity import JensenShannonRow, TotalVariationRow
from stages.common.variation import Shares, total_variation, variations
from stages.evaluate.cells import Cell, Study, Where
from stages.evaluate.chance.nulls import Numbers, band_of, incomparable, null_counts, p_above
from stages.evaluate.intervals.posterior import distance_interval, posterior_shares
from stages.evaluate.values.coding import Coded, coded

TABLES = ("total_variation", "jensen_shannon")


class _Common(Where):
    """What both rows have."""

    field: str
    role: str
    n: int
    low: float | None
    high: float | None
    band: Band
    p: float


def fidelity(cell: Cell, study: Study) -> Iterator[Row]:
    """Total variation and Jensen-Shannon divergence of every protected field and attribute."""
    if reason := incomparable(cell):
        yield from _neither(cell, reason)
        return
    for field in study.schema.by_role("protected", "attribute"):
        values = coded(field, cell)
        if reason := values.lacking():
            yield from _neither(cell, reason, field.path)
        else:
            yield from _distances(values, cell, study)


def jensen_shannon(p: Shares, q: Shares) -> float:
    """The Jensen-Shannon divergence in bits (Lin 1991): (KL(p || m) + KL(q || m)) / 2, m = (p + q) / 2.

    In [0, 1], symmetric; 1 if no level has a share in both. It is the divergence, not its root,
    the distance that `scipy.spatial.distance.jensenshannon` returns.

    >>> jensen_shannon([1.0, 0.0], [0.0, 1.0])
    1.0

    Raises:
        ValueError: unless both are probability vectors over the same levels.
    """
    total_variation(p, q)  # raises the same
    return float(divergences(np.asarray(p, float), np.asarray(q, float)))


def divergences(shares: Numbers, reference: Numbers) -> Numbers:
    """The same, unchecked, along the last axis: shapes (..., n_levels) and (n_levels,) give (...)."""
    middle = (shares + reference) / 2
    nats = (rel_entr(shares, middle) + rel_entr(reference, middle)).sum(axis=-1) / 2
    # rounded: the same counts in another order must tie; and rounding errors leave [0, 1]
    bits: Numbers = np.clip(np.round(nats / np.log(2), 12), 0, 1)
    return bits


def _neither(cell: Cell, reason: str, field: str = "") -> Iterator[Row]:
    for table in TABLES:
        yield NotComputed(**cell.where, table=table, field=field, reason=reason)


def _distances(field: Coded, cell: Cell, study: Study) -> Iterator[Row]:
    params, n, path = study.params, len(field.written), field.field.path
    null = null_counts(field.people, field.n_levels, n, draws=params.null_draws, seed=params.seed) / n
    counts = np.bincount(field.written, minlength=field.n_levels)
    reference = np.bincount(field.people, minlength=field.n_levels) / len(field.people)
    seed = seed_for(params.seed, "posterior", *cell.key, path)
    posterior = posterior_shares(counts, draws=params.null_draws, seed=seed)
    for table, distance in zip(TABLES, (variations, divergences), strict=True):
        value, null_values = float(distance(counts / n, reference)), distance(null, reference)
        p, low, high = p_above(value, null_values), None, None
        if reason := _unsafe(table, n, int(np.count_nonzero(counts + reference))):
            yield NotComputed(**cell.where, table=table, part="interval", field=path, reason=reason)
        else:
            low, high = distance_interval(value, distance(posterior, reference), p, params.confidence)
        band = band_of(value, null_values, params.confidence)
        about: _Common = {
            **cell.where,
            "field": path,
            "role": field.field.role,
            "n": n,
            "low": low,
            "high": high,
            "band": band,
            "p": p,
        }
        is_variation = table == TABLES[0]
        yield TotalVariationRow(**about, tv=value) if is_variation else JensenShannonRow(**about, js=value)


def _unsafe(table: str, n: int, n_levels: int) -> str | None:
    """Why the interval would hold the truth too seldom; `n_levels`: of the reference or the profiles.

    In simulated arms, intervals outside of these limits held it in as few as 4 % of cases; see method.md.
    """
    if table == "jensen_shannon":
        return f"levels: {n_levels}; needs <= 4" if n_levels > 4 else None
    needed = (n_levels**2 + 1) // 2
    return f"profiles: {n}, levels: {n_levels}; needs n >= {needed}" if n_levels > 5 and n < needed else None
