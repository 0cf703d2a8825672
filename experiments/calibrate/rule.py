"""Decide which contrasts stand over training runs.

The unit is the training run. Both adapters of a run are trained with one seed, so runs pair: run i gives the
difference d_i = b_i - a_i. A contrast

- **stands** if the p of its paired t test over runs, adjusted by Holm over the calibrated contrasts, is at
  most alpha;
- is **undecided** if its own p is at most alpha and the adjusted one is not;
- **does not stand** otherwise. That is no proof of equality.

The t statistic is mean(d) / (sd(d) / sqrt(n)) with n - 1 degrees of freedom (Student 1908). With the same
number of draws per run it is the test of the balanced linear mixed model with a random effect of run
(Pinheiro & Bates 2000, ch. 1; Barr et al. 2013): draws of one run share its seed and count as one value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import permutation_test, ttest_rel

from stages.common.calibration import Verdict
from stages.evaluate.chance.multiple import holm

MAX_FLIPS = 10_000
SAME = 1e-12
"""Differences closer than this are one number in floating point."""


@dataclass(frozen=True)
class OverRuns:
    """A contrast over pairs of training runs."""

    difference: float
    """Mean over runs."""
    low: float | None
    """Lower end of Student's interval of the mean; None, as is `high`, if the runs do not vary."""
    high: float | None
    sd_pairs: float
    """Standard deviation of the difference between runs."""
    p: float
    p_flip: float
    """The p of the exact sign-flip test, for comparison: at least 2 / 2^n."""


def paired(a: Sequence[float], b: Sequence[float], confidence: float) -> OverRuns:
    """Paired t test of b - a over at least 2 runs.

    If all runs have exactly the same difference, there is no spread to test against; p is the sign-flip p.

    >>> found = paired([0.1, 0.2, 0.3], [0.5, 0.7, 0.6], 0.95)
    >>> round(found.difference, 3), round(found.sd_pairs, 3), round(found.p, 4), found.p_flip
    (0.4, 0.1, 0.0202, 0.25)
    """
    differences = np.subtract(b, a)
    difference, sd, flip = float(differences.mean()), float(differences.std(ddof=1)), p_flip(differences)
    if sd <= SAME:
        return OverRuns(difference, None, None, 0.0, flip, flip)
    found = ttest_rel(b, a)
    low, high = found.confidence_interval(confidence)
    return OverRuns(difference, float(low), float(high), sd, float(found.pvalue), flip)


def p_flip(differences: np.ndarray) -> float:
    """The share of sign patterns whose mean is at least as far from 0; exact up to 13 runs."""
    if np.abs(differences).max() <= SAME:
        return 1.0
    found = permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=MAX_FLIPS, vectorized=True, rng=1
    )
    return float(found.pvalue)


def judged(tests: Sequence[OverRuns], alpha: float) -> list[tuple[float, Verdict]]:
    """Holm's p and the verdict of every calibrated contrast."""
    adjusted = holm([one.p for one in tests])
    return [(p, verdict(one.p, p, alpha)) for one, p in zip(tests, adjusted, strict=True)]


def verdict(p: float, p_adjusted: float, alpha: float) -> Verdict:
    """Apply the rule of this module.

    >>> verdict(0.001, 0.007, 0.05), verdict(0.02, 0.1, 0.05), verdict(0.2, 1.0, 0.05)
    ('stands', 'undecided', 'does not stand')
    """
    if p_adjusted <= alpha:
        return "stands"
    return "undecided" if p <= alpha else "does not stand"
