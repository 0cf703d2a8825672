"""In what the versions of a person differ."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from stages.common.fields import get
from stages.common.records import Condition, Profile
from thesis.init.agreeing import Pair, said

SOME = 0.05
"""Share of people in whom a field differs, from which it counts as re-assigned."""


@dataclass(frozen=True)
class Differences:
    """Of the people in both files: in how many a field is not the same in both."""

    n_pairs: int
    n_fields: int = 0
    by_field: Counter[str] = field(default_factory=Counter)

    def changed(self, path: str) -> bool:
        """Whether a field was re-assigned to some people, while most fields stayed as they were."""
        by_field = [n >= SOME * self.n_pairs for n in self.by_field.values()]
        return self.by_field[path] >= SOME * self.n_pairs > 0 and sum(by_field) <= self.n_fields / 2


def differences(
    pairs: Sequence[Pair],
    records: Mapping[Condition, Sequence[Profile]],
    paths: Sequence[str],
    nulls: Collection[str] = (),
) -> Differences:
    """Field by field, over all pairs of an original and an augmented record of one person.

    A field left out is the same as null.
    """
    found = Counter[str]()
    for i, j in pairs:
        one, other = records["original"][i], records["augmented"][j]
        found.update(p for p in paths if said(get(one, p), nulls) != said(get(other, p), nulls))
    return Differences(len(pairs), len(paths) - 1, found) if pairs else Differences(0)
