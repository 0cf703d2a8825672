"""Which draws are independent of each other: whole conversations, and draws by themselves."""

from collections.abc import Hashable, Iterable, Sequence
from math import comb
from typing import TypeAlias

import numpy as np

from stages.common.comparison import source_of
from stages.common.evaluated import EvaluatedProfile
from stages.evaluate.arrays import Places

Unit: TypeAlias = tuple[str, ...]
"""What hangs together: equal for the draws of one conversation of one source, else the draw's own."""


def unit_of(draw: EvaluatedProfile) -> Unit:
    """The unit of a draw: two sources never share one, even of one name; two arms of a source may."""
    if draw.conversation is None:
        return draw.arm, draw.prompt_id, str(draw.draw)
    return source_of(draw.arm), draw.conversation


def hang_together(units: Sequence[Hashable]) -> bool:
    """Whether two draws are of one unit.

    >>> hang_together(["a", "b"]), hang_together(["a", "a"])
    (False, True)
    """
    return len({*units}) < len(units)


def places_of(labels: Iterable[Hashable]) -> Places:
    """Number the labels from 0 in order of appearance, equal ones alike: shape (n,)."""
    index: dict[Hashable, int] = {}
    return np.array([index.setdefault(label, len(index)) for label in labels], np.intp)


def least_p(n_a: int, n_b: int) -> float:
    """The smallest two-sided p that exchanging n_a units with n_b can give.

    One of all assignments; where there are equally many, its mirror image is as extreme.

    >>> least_p(1, 9), least_p(2, 2)
    (0.1, 0.3333333333333333)
    """
    return (1 + (n_a == n_b)) / comb(n_a + n_b, n_a)


def n_exchanges(labels: Sequence[Hashable], blocks: Sequence[Hashable]) -> int:
    """Count the ways in which labels of units can be exchanged within blocks.

    >>> n_exchanges(["a", "a", "b"], [0, 0, 0]), n_exchanges(["a", "a", "b"], [0, 0, 1])
    (3, 1)
    """
    found = 1
    for block in {*blocks}:
        inside = [label for label, own in zip(labels, blocks, strict=True) if own == block]
        left = len(inside)
        for label in {*inside}:
            found *= comb(left, inside.count(label))
            left -= inside.count(label)
    return found
