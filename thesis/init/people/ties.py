"""A tie of two files: the key of each, and how far the records agree that they put together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stages.common.records import Condition
from thesis.init.people.agreement import Agreement, Pair, Row, n_alike
from thesis.init.people.keys import Key

NONE = "none"
"""Of --id: no field names the person."""
WEAK = "\0weak"
"""Instead of a field: what is no id may tie records together too."""


@dataclass(frozen=True)
class Settled:
    """What the person who asks has said."""

    id: str | None = None
    pair_by: str | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tie:
    """A key of each file, and how far the records agree that they put together."""

    keys: dict[Condition, Key]
    pairs: Sequence[Pair] = field(repr=False)
    """Places of an original and an augmented record of one person, from 0."""
    agreement: Agreement
    groups: bool = False
    """Whether several records of original share a name, and agree as one person's do."""

    @property
    def is_same(self) -> bool:
        return len({key.path for key in self.keys.values()}) == 1

    @property
    def words(self) -> str:
        first, second = (key.path for key in self.keys.values())
        return first if self.is_same else f"{first} of original and {second} of augmented"

    @property
    def worth(self) -> tuple[object, ...]:
        """What is compared where several could be meant; agreement before names, names before order."""
        o = self.keys["original"]
        return (
            self.agreement.told,
            self.groups,
            round(self.agreement.lift, 1) if self.agreement.told else 0,
            o.is_of("person") and o.is_named,
            self.is_same,
            o.is_named,
            o.is_code,
            len(self.pairs),
            o.n_named,
        )


@dataclass(frozen=True)
class Who:
    """What was found in both files."""

    tie: Tie | None
    table: Mapping[Condition, Sequence[Row]] = field(repr=False)
    """What is compared between records."""
    refuted: list[Tie]
    """Fields called as what names people that tie together records which do not agree."""
    numbering: list[str]
    """Fields that give each record another name."""


def paired(
    first: Sequence[object], second: Sequence[object], table: Mapping[Condition, Sequence[Row]]
) -> list[Pair]:
    """Each augmented record with the original of its name; of several with the one most like it."""
    places = defaultdict(list)
    for place, name in enumerate(first):
        if name is not None:
            places[name].append(place)

    def likest(j: int, some: Sequence[int]) -> int:
        return (
            some[0]
            if len(some) == 1
            else max(some, key=lambda i: n_alike(table["original"][i], table["augmented"][j]))
        )

    return [(likest(j, places[name]), j) for j, name in enumerate(second) if name in places]
