"""How far are the generated shares from the dataset's, and how far would chance put them?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import rel_entr

from stages.common.seeds import seed_for
from stages.common.variation import Shares, total_variation, variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import Band, Numbers, band_of, incomparable, null_counts, p_above
from stages.evaluate.intervals.posterior import distance_interval, posterior_shares
from stages.evaluate.rows import NotComputed, ReadRow, Row
from stages.evaluate.values.coding import Coded, coded


@dataclass(frozen=True)
class TotalVariationRow(ReadRow):
    """total_variation.csv; n = profiles with a valid value."""

    field: str
    role: str
    n: int
    tv: float
    low: float | None
    """With high: of the distance of the arm's own shares, which its n profiles only sample; see `_unsafe`."""
    high: float | None
    band: Band
    p: float | None
    """Of a distance as large, if the arm drew from the reference; not corrected for many fields."""

    @property
    def above_band(self) -> bool:
        return self.band.band_high is not None and self.tv > self.band.band_high


@dataclass(frozen=True)
class JensenShannonRow(ReadRow):
    """jensen_shannon.csv, in bits; otherwise as total_variation.csv."""

    field: str
    role: str
    n: int
    js: float
    low: float | None
    high: float | None
    band: Band
    p: float | None


STATISTICS: dict[type[Row], str] = {
    TotalVariationRow: "total_variation",
    JensenShannonRow: "jensen_shannon",
}


def fidelity(cell: Cell, study: Study) -> Iterator[Row]:
    """Total variation and Jensen-Shannon divergence of every protected field and attribute."""
    if reason := incomparable(cell):
        for statistic in STATISTICS.values():
            yield NotComputed(*cell.key, statistic, "", reason)
        return
    for field in study.schema.by_role("protected", "attribute"):
        values = coded(field, cell)
        if reason := values.lacking():
            yield from (NotComputed(*cell.key, name, field.path, reason) for name in STATISTICS.values())
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


def _distances(field: Coded, cell: Cell, study: Study) -> Iterator[Row]:
    params, n = study.params, len(field.written)
    null = null_counts(field.people, field.n_levels, n, draws=params.null_draws, seed=params.seed) / n
    counts = np.bincount(field.written, minlength=field.n_levels)
    reference = np.bincount(field.people, minlength=field.n_levels) / len(field.people)
    seed = seed_for(params.seed, "posterior", *cell.key, field.field.path)
    posterior = posterior_shares(counts, draws=params.null_draws, seed=seed)
    for kind, distance in ((TotalVariationRow, variations), (JensenShannonRow, divergences)):
        value, null_values = float(distance(counts / n, reference)), distance(null, reference)
        p = p_above(value, null_values)
        if reason := _unsafe(kind, n, int(np.count_nonzero(counts + reference))):
            yield NotComputed(*cell.key, f"interval of {STATISTICS[kind]}", field.field.path, reason)
            interval: tuple[float | None, float | None] = (None, None)
        else:
            interval = distance_interval(value, distance(posterior, reference), p, params.confidence)
        band = band_of(value, null_values, params.confidence)
        yield kind(*cell.key, field.field.path, field.field.role, n, value, *interval, band, p)


def _unsafe(kind: type[Row], n: int, n_levels: int) -> str | None:
    """Why the interval would hold the truth too seldom; `n_levels`: of the reference or the profiles.

    In simulated arms, intervals outside of these limits held it in as few as 4 % of cases; see method.md.
    """
    if kind is JensenShannonRow:
        return f"levels: {n_levels}; needs <= 4" if n_levels > 4 else None
    needed = (n_levels**2 + 1) // 2
    return f"profiles: {n}, levels: {n_levels}; needs n >= {needed}" if n_levels > 5 and n < needed else None
