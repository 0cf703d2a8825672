"""A match of two files: the key of each, and how far the matched records agree."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stages.common.records import Condition
from thesis.init.people.agreement import Agreement, Pair, Row, n_alike
from thesis.init.people.keys import Key

NONE = "none"
"""Value of --id: no field names the person."""
WEAK = "\0weak"
"""Value of --id, internal: match records by a field that is not an id, or by place."""


@dataclass(frozen=True)
class Settled:
    """What the user has decided: --id, --pair-by and --keep."""

    id: str | None = None
    pair_by: str | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tie:
    """A key of each file, and how far the records agree that the keys match."""

    keys: dict[Condition, Key]
    pairs: Sequence[Pair] = field(repr=False)
    """Places of an original and an augmented record of the same person, from 0."""
    agreement: Agreement
    groups: bool = False
    """Whether several original records share a name, and agree like records of one person."""

    @property
    def is_same(self) -> bool:
        return len({key.path for key in self.keys.values()}) == 1

    @property
    def words(self) -> str:
        first, second = (key.path for key in self.keys.values())
        return first if self.is_same else f"{first} of original and {second} of augmented"

    @property
    def worth(self) -> tuple[object, ...]:
        """Sort key to choose between ties: agreement before names, names before order."""
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
    """What both files tell about who is who."""

    tie: Tie | None
    table: Mapping[Condition, Sequence[Row]] = field(repr=False)
    """The values that are compared between records."""
    refuted: list[Tie]
    """Ties by fields that are named like identifiers, but whose records do not agree."""
    numbering: list[str]
    """Fields that give each record a name of its own."""


def paired(
    first: Sequence[object], second: Sequence[object], table: Mapping[Condition, Sequence[Row]]
) -> list[Pair]:
    """Pair each augmented record with the original of its name, or with the most similar of several."""
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
