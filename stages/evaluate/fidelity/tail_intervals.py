"""Entropy, and intervals of entropy and of coverage."""

import numpy as np
import scipy

from stages.evaluate.arrays import Flags, Floats
from stages.evaluate.intervals.ends import count_interval


def miller_madow(counts: Floats) -> Floats:
    """Entropy in bits, corrected for few draws: shapes (..., n_levels) give (...).

    -sum p log2 p + (m - 1) / (2 n ln 2), with p = counts / n and m the levels seen (Miller 1955).
    The plain entropy of n draws is too low in the mean; the correction removes most of that.

    >>> float(miller_madow(np.array([2.0, 2.0])).round(4))
    1.1803
    """
    n, n_seen = counts.sum(axis=-1), (counts > 0).sum(axis=-1)
    nats = scipy.special.entr(counts / n[..., np.newaxis]).sum(axis=-1) + (n_seen - 1) / (2 * n)
    bits: Floats = np.round(nats / np.log(2), 12)  # the same counts in another order must tie
    return bits


def coverage_interval(
    counts: Floats, known: Flags, expected: float, *, confidence: float, seed: int
) -> tuple[float, float]:
    """Confidence interval for the mean number of known levels in n draws of the arm, divided by `expected`.

    `counts` are the draws of each level, `known` whether the reference has it: shape (n_levels,).
    """
    here, n = known | (counts > 0), counts.sum()
    known, most = known[here], int(known.sum()) / expected

    def seen(counts: Floats) -> Floats:
        return np.asarray(np.count_nonzero(counts[:, 0, known], axis=1) / expected)

    def mean_seen(shares: Floats) -> Floats:
        mean: Floats = (1 - (1 - shares[:, 0, known]) ** n).sum(axis=1) / expected
        return mean

    one = counts[here][None]
    value = float(seen(one[None])[0])
    low, high = count_interval(value, seen, mean_seen, one, confidence=confidence, seed=seed)
    return max(0.0, low), min(most, high)


def entropy_interval(counts: Floats, *, confidence: float, seed: int) -> tuple[float, float]:
    """Confidence interval for the entropy, in bits, of the shares behind counts of shape (n_levels,)."""
    value, most = float(miller_madow(counts)), float(np.log2(len(counts)))

    def of_counts(counts: Floats) -> Floats:
        return miller_madow(counts[:, 0])

    def of_shares(shares: Floats) -> Floats:
        bits: Floats = scipy.special.entr(shares[:, 0]).sum(axis=-1) / np.log(2)
        return bits

    low, high = count_interval(value, of_counts, of_shares, counts[None], confidence=confidence, seed=seed)
    return max(0.0, min(low, most)), max(value, min(most, high))
