"""Many p-values at once: what each is worth among the others."""

from collections.abc import Hashable, Sequence

import numpy as np
import scipy


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p-values in the order given: reject those <= alpha, and no false one is likely among them.

    The i-th smallest of m becomes the largest of (m - j + 1) p_j over j <= i, at most 1. The chance of
    any false rejection is at most alpha, however the tests depend on each other (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, float)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, stepped)
    return [float(value) for value in adjusted]


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p-values (q) in the order given: about a share alpha of those <= alpha may be false.

    The i-th smallest of m becomes the smallest of m p_j / j over j >= i. The expected share of false
    ones among the rejected is at most alpha, if the tests are independent or rise and fall together
    (Benjamini & Hochberg 1995).

    >>> benjamini_hochberg([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    return [float(value) for value in scipy.stats.false_discovery_control(p)] if len(p) else []


def within_groups(p: Sequence[float], groups: Sequence[Hashable]) -> list[float]:
    """`benjamini_hochberg` within each group by itself: what one tests lowers no bar of another's.

    >>> within_groups([0.01, 0.04, 0.03], ["a", "b", "a"])
    [0.02, 0.04, 0.03]
    """
    adjusted = np.empty(len(p))
    for group in {*groups}:
        inside = [i for i, own in enumerate(groups) if own == group]
        adjusted[inside] = benjamini_hochberg([p[i] for i in inside])
    return [float(value) for value in adjusted]
