"""Find what is lost at the edges: levels that no draw shows, and shares that lean on few levels."""

from collections.abc import Iterator

import numpy as np
import scipy

from stages.common.seeds import seed_for
from stages.common.tables.base import Row
from stages.common.tables.fidelity import CoverageRow, EntropyRow
from stages.common.variation import Shares
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import band_of, null_counts, p_below
from stages.evaluate.fidelity.tail_intervals import coverage_interval, entropy_interval, miller_madow
from stages.evaluate.values.coding import Coded, coded


def tails(cell: Cell, study: Study) -> Iterator[Row]:
    """The coverage and entropy of every protected field and attribute."""
    if reason := cell.incomparable:
        yield from _neither(cell, reason)
        return
    for field in study.schema.by_role("protected", "attribute"):
        values = coded(field, cell.content, cell.reference.profiles)
        if reason := values.lacking():
            yield from _neither(cell, reason, field.path)
        else:
            yield _coverage(values, cell, study)
            yield _entropy(values, cell, study)


def _neither(cell: Cell, reason: str, field: str = "") -> Iterator[Row]:
    for table in ("coverage", "entropy"):
        yield cell.left_out(table, reason, field)


def expected_levels(shares: Shares, n: int) -> float:
    """The mean number of levels among n independent draws: the sum of 1 - (1 - p)^n.

    >>> expected_levels([0.5, 0.5], 2)
    1.5
    """
    return float((1 - (1 - np.asarray(shares, float)) ** n).sum())


def _counts(field: Coded) -> tuple[Floats, Places]:
    """How many profiles and how many people have each level."""
    counts = np.bincount(field.written, minlength=field.n_levels).astype(float)
    return counts, np.bincount(field.people, minlength=field.n_levels)


def _coverage(field: Coded, cell: Cell, study: Study) -> Row:
    params, n, path = study.params, len(field.written), field.field.path
    null = null_counts(field.people, field.n_levels, n, draws=params.null_draws, seed=params.seed)
    counts, people = _counts(field)
    expected, known = expected_levels(people / people.sum(), n), people > 0
    n_seen = int(np.count_nonzero(counts[known]))
    null_coverage = np.count_nonzero(null[:, known], axis=1) / expected
    coverage = n_seen / expected
    seed = seed_for(params.seed, "interval of coverage", *cell.key, path)
    low, high = coverage_interval(counts, known, expected, confidence=params.confidence, seed=seed)
    return CoverageRow(
        **cell.where,
        field=path,
        role=field.field.role,
        n=n,
        n_levels_reference=int(known.sum()),
        n_levels=n_seen,
        n_levels_expected=expected,
        coverage=coverage,
        low=low,
        high=high,
        band=band_of(coverage, null_coverage, params.confidence),
        p=p_below(coverage, null_coverage),
    )


def _entropy(field: Coded, cell: Cell, study: Study) -> Row:
    params, path = study.params, field.field.path
    counts, people = _counts(field)
    known = people > 0
    if not (n := int(counts[known].sum())):
        return cell.left_out("entropy", "no profile has a level of the reference", path)
    null = null_counts(field.people, field.n_levels, n, draws=params.null_draws, seed=params.seed)
    entropy, null_entropy = float(miller_madow(counts[known])), miller_madow(null[:, known])
    seed = seed_for(params.seed, "interval of entropy", *cell.key, path)
    low, high = entropy_interval(counts[known], confidence=params.confidence, seed=seed)
    return EntropyRow(
        **cell.where,
        field=path,
        role=field.field.role,
        n=n,
        entropy=entropy,
        low=low,
        high=high,
        entropy_reference=float(scipy.special.entr(people / people.sum()).sum() / np.log(2)),
        entropy_expected=float(null_entropy.mean()),
        band=band_of(entropy, null_entropy, params.confidence),
        p=p_below(entropy, null_entropy),
    )
