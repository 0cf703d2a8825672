"""What is lost at the edges? Levels that no draw shows, and shares that lean on few levels."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import entr

from stages.common.seeds import seed_for
from stages.common.variation import Shares
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import Band, Numbers, band_of, incomparable, null_counts, p_below
from stages.evaluate.fidelity.tail_intervals import Flags, coverage_interval, entropy_interval, miller_madow
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rows import NotComputed, ReadRow, Row
from stages.evaluate.values.coding import Coded, coded


@dataclass(frozen=True)
class CoverageRow(ReadRow):
    """coverage.csv; n = profiles with a valid value.

    Levels are those that the reference has, null among them.
    """

    field: str
    role: str
    n: int
    n_levels_reference: int
    n_levels: int
    """Of these, seen at least once in the profiles."""
    n_levels_expected: float
    """What a perfect sampler sees in the mean at this n."""
    coverage: float
    """n_levels / n_levels_expected; 1 is what chance gives in the mean."""
    low: float
    """With high: what this arm sees in the mean at this n."""
    high: float
    band: Band
    p: float
    """Of as few levels, if the arm drew from the reference; not corrected for many fields."""


@dataclass(frozen=True)
class EntropyRow(ReadRow):
    """entropy.csv, in bits: of the levels that the reference has, null among them.

    New values are no levels here, so that they make up for none that was lost.
    """

    field: str
    role: str
    n: int
    """Profiles with one of these levels."""
    entropy: float
    low: float
    """With high: of the entropy of the arm's own shares of these levels."""
    high: float
    entropy_reference: float
    """Of all people of the reference."""
    entropy_expected: float
    """Of perfect samplers at this n, in the mean, corrected alike."""
    band: Band
    p: float
    """Of an entropy as low, if the arm drew from the reference; not corrected for many fields."""


def tails(cell: Cell, study: Study) -> Iterator[Row]:
    """Coverage and entropy of every protected field and attribute."""
    if reason := incomparable(cell):
        yield NotComputed(*cell.key, "coverage", "", reason)
        yield NotComputed(*cell.key, "entropy", "", reason)
        return
    for field in study.schema.by_role("protected", "attribute"):
        values = coded(field, cell)
        if reason := values.lacking():
            yield NotComputed(*cell.key, "coverage", field.path, reason)
            yield NotComputed(*cell.key, "entropy", field.path, reason)
        else:
            yield from _rows(values, cell, study)


def expected_levels(shares: Shares, n: int) -> float:
    """The mean number of levels among n independent draws: the sum of 1 - (1 - p)^n.

    >>> expected_levels([0.5, 0.5], 2)
    1.5
    """
    return float((1 - (1 - np.asarray(shares, float)) ** n).sum())


def _rows(field: Coded, cell: Cell, study: Study) -> Iterator[Row]:
    params, n = study.params, len(field.written)
    null = null_counts(field.people, field.n_levels, n, draws=params.null_draws, seed=params.seed)
    counts = np.bincount(field.written, minlength=field.n_levels).astype(float)
    people = np.bincount(field.people, minlength=field.n_levels)
    head = *cell.key, field.field.path, field.field.role, n

    expected, known = expected_levels(people / people.sum(), n), people > 0
    n_seen = int(np.count_nonzero(counts[known]))
    null_coverage = np.count_nonzero(null[:, known], axis=1) / expected
    coverage = n_seen / expected
    band, p = band_of(coverage, null_coverage, params.confidence), p_below(coverage, null_coverage)
    seed = seed_for(params.seed, "interval of coverage", *cell.key, field.field.path)
    interval = coverage_interval(counts, known, expected, confidence=params.confidence, seed=seed)
    yield CoverageRow(*head, int(known.sum()), n_seen, expected, coverage, *interval, band, p)

    yield _entropy(field, counts, known, cell, params)


def _entropy(field: Coded, counts: Numbers, known: Flags, cell: Cell, params: EvaluateParams) -> Row:
    """`counts`, `known`: shape (n_levels,)."""
    n = int(counts[known].sum())
    if not n:
        reason = "no profile has a level of the reference"
        return NotComputed(*cell.key, "entropy", field.field.path, reason)
    null = null_counts(field.people, field.n_levels, n, draws=params.null_draws, seed=params.seed)
    entropy, null_entropy = float(miller_madow(counts[known])), miller_madow(null[:, known])
    people = np.bincount(field.people, minlength=field.n_levels)
    whole = float(entr(people / people.sum()).sum() / np.log(2))
    band, p = band_of(entropy, null_entropy, params.confidence), p_below(entropy, null_entropy)
    head = *cell.key, field.field.path, field.field.role, n
    seed = seed_for(params.seed, "interval of entropy", *cell.key, field.field.path)
    interval = entropy_interval(counts[known], confidence=params.confidence, seed=seed)
    return EntropyRow(*head, entropy, *interval, whole, float(null_entropy.mean()), band, p)
