"""How well the training split's own frequencies predict a value: the yardstick of a field's loss."""

from collections import Counter
from collections.abc import Callable, Sequence
from math import log
from typing import Any

from stages.common.fields import Field, get
from stages.common.levels import MISSING_LEVEL, label, levels_of
from stages.common.records import Profile
from stages.evaluate.references import is_number

Cost = Callable[[Any], float | None]
"""Nats that a value costs; None if it cannot be said."""


def costs(field: Field, people: Sequence[Profile]) -> Cost:
    """-ln of the share of a value among `people`, smoothed so that what nobody has is not impossible.

    Known levels have (count + 1/2) / (N + levels / 2) (Krichevsky & Trofimov 1981). Numbers, and text
    without a list of levels, have count / (N + T) with T the different values, so that T / (N + T) is
    left for new ones (Witten & Bell 1991, method C); a new whole number shares it with all others
    between the smallest and the largest. What another new value costs is not known.
    """
    counts = Counter(label(get(person, field.path)) for person in people)
    del counts[MISSING_LEVEL]
    if field.levels or set(field.types) - {"null"} == {"boolean"}:
        return _of_levels(counts, levels_of(field, people).known)
    numbers = [value for person in people if is_number(value := get(person, field.path))]
    if numbers and all(value == int(value) for value in numbers):
        return _of_values(counts, (int(min(numbers)), int(max(numbers))))
    return _of_values(counts, None)


def _of_levels(counts: Counter[str], known: Sequence[str]) -> Cost:
    total = sum(counts[name] for name in known) + len(known) / 2

    def cost(value: Any) -> float | None:
        return log(total / (counts[label(value)] + 0.5)) if label(value) in known else None

    return cost


def _of_values(counts: Counter[str], whole: tuple[int, int] | None) -> Cost:
    """`whole`: the smallest and the largest whole number; None if values are no whole numbers."""
    total, n_seen = counts.total() + len(counts), len(counts)
    n_new = max(1, whole[1] - whole[0] + 1 - n_seen) if whole else None

    def cost(value: Any) -> float | None:
        if seen := counts[label(value)]:
            return log(total / seen)
        return log(total / n_seen * n_new) if n_new and n_seen and is_number(value) else None

    return cost
