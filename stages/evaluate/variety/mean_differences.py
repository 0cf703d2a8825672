"""Mean differences of profiles: how large they may be, and what people whom nobody saw would have."""

import numpy as np
import scipy

from stages.evaluate.arrays import Floats, Places

_AT_ONCE = 1_000_000
"""People drawn in memory."""


def mean_interval(values: Floats, confidence: float) -> tuple[float | None, float | None]:
    """mean -+ t sd / sqrt(n), Student's; nothing if all are alike: rare others may be missing by chance."""
    values, n = values.round(9), len(values)
    if len({*values}) < 2:
        return None, None
    reach = float(scipy.special.stdtrit(n - 1, (1 + confidence) / 2) * values.std(ddof=1) / np.sqrt(n))
    return float(values.mean()) - reach, float(values.mean()) + reach


def null_differences(unseen: Floats, repeats: Places, *, draws: int, seed: int) -> Floats:
    """Mean difference of people that no arm saw, drawn from the held-out ones: shape (draws,).

    The held-out people are few themselves: what they stand for is known only as well as a mean of n_test
    people. So the error of their own mean is added, by drawing them again. Without it, the band of many
    profiles would be too narrow.

    `unseen` are their differences, shape (n_test,); `repeats` is how often each different profile is there,
    or how many profiles each conversation holds. The people drawn are repeated alike: an arm that says one
    thing ten times has said one thing.
    """
    shares, n_test = np.asarray(repeats, float) / sum(repeats), len(unseen)
    rng = np.random.default_rng(seed)
    drawn = unseen[rng.integers(n_test, size=(draws, len(shares)))] @ shares
    step = max(1, _AT_ONCE // n_test)
    parts = [min(step, draws - done) for done in range(0, draws, step)]
    means = [unseen[rng.integers(n_test, size=(n, n_test))].mean(axis=1) for n in parts]
    error = np.concatenate(means) - unseen.mean()
    return np.asarray(np.round(drawn + error, 9))
