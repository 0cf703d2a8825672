"""How far the records of one person agree, compared with randomly paired records, and where they differ."""

import random
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, pstdev
from typing import Any, TypeAlias

from stages.common.fields import MISSING, canonical, get
from stages.common.records import Condition, Profile

Row: TypeAlias = tuple[str | None, ...]
"""A record's values in some fields, as texts."""
Pair: TypeAlias = tuple[int, int]
"""Places of two records in their files, from 0."""
PAIRS, SHUFFLES = 300, 20
"""Pairs compared, evenly chosen; times that they are shuffled."""
FEWEST = 5
"""Pairs from which agreement is evidence."""


@dataclass(frozen=True)
class Agreement:
    """Shares of fields, in [0, 1], that are the same in both records of a pair."""

    n_pairs: int
    """Pairs that were compared."""
    share: float
    by_chance: float
    """The share between the same records, randomly paired."""
    spread: float
    """Standard deviation of `by_chance` between shuffles."""

    @property
    def lift(self) -> float:
        """Agreement beyond chance: 0 as by chance, 1 the same in all fields."""
        return (self.share - self.by_chance) / (1 - self.by_chance) if self.by_chance < 1 else 0.0

    @property
    def told(self) -> bool:
        """Whether the pairs agree clearly more than by chance."""
        return (
            self.n_pairs >= FEWEST and self.lift >= 0.1 and self.lift * (1 - self.by_chance) > 3 * self.spread
        )

    @property
    def contradicted(self) -> bool:
        """Whether the pairs agree no more than by chance, although they could."""
        return self.n_pairs >= FEWEST and self.by_chance <= 0.95 and not self.told


def said(value: Any, nulls: Collection[str] = ()) -> str | None:
    """One text for a value as `prepare` reads it; None for null and for a missing field."""
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value).strip()
        return None if value in nulls else canonical(value)
    return None if value is None or value is MISSING else canonical(value)


def rows(records: Sequence[Profile], paths: Sequence[str], nulls: Collection[str]) -> list[Row]:
    return [tuple(said(get(record, path), nulls) for path in paths) for record in records]


def agreement(first: Sequence[Row], second: Sequence[Row], pairs: Sequence[Pair]) -> Agreement:
    """Agreement of evenly chosen pairs, and of shuffles of them with a fixed seed."""
    chosen = pairs[:: -(-len(pairs) // PAIRS) or 1]
    share = _share(first, second, chosen)
    rng = random.Random(0)
    shuffles = list(_shuffles(chosen, rng)) if len(chosen) > 1 else []
    others = [_share(first, second, shuffled) for shuffled in shuffles if shuffled] or [share]
    return Agreement(len(chosen), share, fmean(others), pstdev(others))


def n_alike(first: Row, second: Row) -> int:
    return sum(a == b for a, b in zip(first, second, strict=True))


def _share(first: Sequence[Row], second: Sequence[Row], pairs: Sequence[Pair]) -> float:
    n_fields = len(first[0]) if first else 0
    same = sum(n_alike(first[i], second[j]) for i, j in pairs)
    return same / (n_fields * len(pairs)) if n_fields and pairs else 1.0


def _shuffles(pairs: Sequence[Pair], rng: random.Random) -> Iterator[list[Pair]]:
    """Random pairs that are not among the given ones."""
    known = {*pairs}
    for _ in range(SHUFFLES):
        others = rng.sample([j for _, j in pairs], len(pairs))
        yield [pair for (i, _), j in zip(pairs, others, strict=True) if (pair := (i, j)) not in known]


SOME = 0.05
"""Share of people for whom a field must differ to count as re-assigned."""


@dataclass(frozen=True)
class Differences:
    """For how many of the people in both files a field differs between the files."""

    n_pairs: int
    n_fields: int = 0
    by_field: Counter[str] = field(default_factory=Counter)

    def changed(self, path: str) -> bool:
        """Whether a field was re-assigned for some people, while most fields stayed the same."""
        by_field = [n >= SOME * self.n_pairs for n in self.by_field.values()]
        return self.by_field[path] >= SOME * self.n_pairs > 0 and sum(by_field) <= self.n_fields / 2


def differences(
    pairs: Sequence[Pair],
    records: Mapping[Condition, Sequence[Profile]],
    paths: Sequence[str],
    nulls: Collection[str] = (),
) -> Differences:
    """Count the differences of each field over all pairs of an original and an augmented record.

    A missing field counts as null.
    """
    found = Counter[str]()
    for i, j in pairs:
        one, other = records["original"][i], records["augmented"][j]
        found.update(p for p in paths if said(get(one, p), nulls) != said(get(other, p), nulls))
    return Differences(len(pairs), len(paths) - 1, found) if pairs else Differences(0)
