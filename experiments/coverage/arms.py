"""Simulated arms: shares of levels, and associations of two fields."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def one_field(n_levels: int) -> dict[str, Numbers]:
    """Shares of levels, by kind of arm."""
    k = n_levels
    halving = 0.5 ** np.arange(k)
    lost = np.append(np.ones(k - 1), 0.0 if k > 2 else 0.5)
    found = {
        "halving": halving,
        "equal": np.ones(k),
        "one in four of five": np.array([0.8] + [0.2 / (k - 1)] * (k - 1)),
        "one in 97 of 100": np.array([0.97] + [0.03 / (k - 1)] * (k - 1)),
        "one lost": lost,
        "harmonic": 1 / np.arange(1, k + 1),
    }
    return {name: shares / shares.sum() for name, shares in found.items()}


def two_fields(shape: tuple[int, int]) -> dict[str, Numbers]:
    """Shares of pairs of levels; in a share of draws the second follows from the first."""
    margins = {
        "equal": ("equal", "equal"),
        "one skewed": ("one in four of five", "equal"),
        "both skewed": ("one in four of five", "one in four of five"),
    }
    found = {}
    for name, kinds in margins.items():
        first, second = (one_field(k)[kind] for k, kind in zip(shape, kinds, strict=True))
        for tied in (0.0, 0.3, 0.6, 0.9):
            found[f"{name}, tied {tied}"] = _tied(first, second, tied)
    return found


def against_reference(shape: tuple[int, int]) -> tuple[dict[str, Numbers], Numbers]:
    """Shares of pairs of levels of several arms, and of the reference."""
    reference = _tied(one_field(shape[0])["halving"], one_field(shape[1])["harmonic"], 0.3)
    first, second = reference.sum(axis=1), reference.sum(axis=0)
    collapsed = 0.2 * reference
    collapsed[0, 0] += 0.8
    arms = {
        "the reference": reference,
        "untied": np.outer(first, second),
        "tied": 0.4 * reference + 0.6 * _tied(first, second, 1.0),
        "equal": np.full(shape, 1 / reference.size),
        "collapsed": collapsed,
    }
    return arms, reference


def _tied(first: Numbers, second: Numbers, share: float) -> Numbers:
    follows = np.zeros((len(first), len(second)))
    for i, one in enumerate(first):
        follows[i, i % len(second)] = one
    return (1 - share) * np.outer(first, second) + share * follows
