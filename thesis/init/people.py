"""Who is who in the two files: decided by what both of them say, or by the person who asks."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from stages.common.errors import UserError, mistakes
from stages.common.fields import get
from stages.common.records import CONDITIONS, Condition, Profile
from thesis.init.agreeing import FEWEST, Agreement, Pair, Row, agreement, n_alike, rows, said
from thesis.init.keys import PLACE, Key, key_of, place_of, repeated
from thesis.init.respelling import names_within

SOME = 0.05
"""Share of people in whom a field differs, from which it counts as re-assigned."""
FILLED = 0.9
"""Share of records that have an id, at least: fewer are named by something else."""
MOST_ROWS = 12
"""Records of one person, on average, at most."""
COVERED = 0.9
"""Share of augmented records whose value is an id of original, so that it may name the original."""
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


def who_is_who(
    records: Mapping[Condition, Sequence[Profile]],
    places: Sequence[str],
    leaves: Sequence[str],
    private: Collection[str],
    nulls: frozenset[str],
    settled: Settled,
) -> Who:
    """The tie that what is said settles, or else the evidence.

    Args:
        places: paths of all plain values; leaves: those that stand in no list.

    Raises:
        UserError: a field that was named is in no file, or ties nothing together.
    """
    repeats = {c: repeated(records[c]) for c in CONDITIONS}
    keys = {c: {path: key_of(path, records[c], nulls, repeats[c]) for path in places} for c in CONDITIONS}
    named = [p for p in places if any(_names_records(keys[c][p], p in private) for c in CONDITIONS)]
    compared = [path for path in leaves if path not in named]
    table = {c: rows(records[c], compared, nulls) for c in CONDITIONS}
    search = _Search(records, keys, table, named, compared)
    if settled.id == WEAK:
        tie = search.weak(leaves)
    elif settled.id is not None or settled.pair_by is not None:
        _refuse_unknown(settled, keys, leaves)
        tie = None if settled.id == NONE else search.settled(settled)
    else:
        return search.found()
    return Who(tie, table, [], search.numbering())


@dataclass(frozen=True)
class _Search:
    records: Mapping[Condition, Sequence[Profile]]
    keys: Mapping[Condition, Mapping[str, Key]]
    table: Mapping[Condition, Sequence[Row]]
    named: Collection[str]
    compared: Sequence[str]

    def found(self) -> Who:
        """The worthiest of what is not refuted."""
        ties = [*self._same(), *self._crossed()]
        good = [tie for tie in ties if not (tie.agreement.contradicted and tie.pairs)]
        best = max(good, key=lambda tie: tie.worth, default=None)
        if best is None or not best.agreement.told:
            best = max(self._respelled(), key=lambda tie: tie.worth, default=best)
        refuted = [tie for tie in ties if tie.agreement.contradicted and tie.is_same]
        if best is not None and refuted and not best.pairs:
            best = None
        return Who(best, self.table, refuted, self.numbering())

    def numbering(self) -> list[str]:
        """Fields that give each record of a file another name."""
        some = {p: [k for c in CONDITIONS if (k := self.keys[c][p]).n_named] for p in self.named}
        return [p for p, keys in some.items() if all(key.is_unique for key in keys)]

    def settled(self, settled: Settled) -> Tie:
        """By the fields that were named; what names the original is sought if it was not."""
        keys = self.keys["original"]
        second = self.keys["augmented"][settled.pair_by or settled.id or ""]
        if settled.id is not None:
            return self._tie(keys[settled.id], second)
        mine = [*keys.values(), *self._places()]
        ties = [self._tie(key, second) for key in mine if _n_covered(key, second)]
        best = max(ties, key=lambda tie: (len(tie.pairs), tie.worth), default=None)
        if best is None:
            raise UserError(
                f"--pair-by {settled.pair_by}: none of its values stands in a field of the original file\n"
                "It must name the original's id; give that field with --id FIELD"
            )
        return best

    def weak(self, leaves: Sequence[str]) -> Tie | None:
        """By the place in the file, or by what is unlike in all records although it is no id."""
        ties = []
        if len(self.records["original"]) == len(self.records["augmented"]):
            ties.append(self._tie(place_of(self.records["original"]), place_of(self.records["augmented"])))
        for path in leaves:
            first, second = (self.keys[c][path] for c in CONDITIONS)
            if all(key.is_unique and key.n_named == len(key.names) for key in (first, second)):
                ties.append(self._tie(first, second))
        good = [tie for tie in ties if tie.agreement.told and tie.agreement.lift >= 0.5]
        return max(good, key=lambda tie: (len(tie.pairs), tie.agreement.lift), default=None)

    def _same(self) -> Iterator[Tie]:
        """By a field of both files that names the original's records."""
        for path in self.named:
            key = self.keys["original"][path]
            if key.n_named < FILLED * len(key.names) or key.n_names < 2:
                continue
            groups = not key.is_unique and self._groups(key)
            if key.is_unique or groups:
                yield self._tie(key, self.keys["augmented"][path], groups)

    def _respelled(self) -> Iterator[Tie]:
        """By a field whose augmented ids are those of original, spelled otherwise or with something added."""
        for path in self.named:
            first, second = (self.keys[c][path] for c in CONDITIONS)
            if not first.is_unique or _n_covered(first, second) >= COVERED * second.n_named:
                continue
            read = replace(second, names=names_within(second.names, first.names))
            if _n_covered(first, read) >= COVERED * read.n_named:
                tie = self._tie(first, read)
                if tie.agreement.told:
                    yield tie

    def _crossed(self) -> Iterator[Tie]:
        """By a field of the augmented file that holds another field's values, or places in the file."""
        mine = [self.keys["original"][p] for p in self.named if self.keys["original"][p].n_names > 1]
        for path, second in self.keys["augmented"].items():
            for first in [*mine, *self._places()]:
                known = self.keys["original"][path].n_named > 0
                few = second.n_names < 2 or second.n_names * MOST_ROWS < second.n_named
                if few or first.path == path or (first.path == PLACE and known):
                    continue
                if _n_covered(first, second) < COVERED * second.n_named:
                    continue
                tie = self._tie(first, second)
                hinted = second.is_of("source") and second.is_named and first.path != PLACE
                if tie.agreement.told or (hinted and not tie.agreement.contradicted):
                    yield tie

    def _places(self) -> list[Key]:
        return [place_of(self.records["original"], first) for first in (1, 0)]

    def _tie(self, first: Key, second: Key, groups: bool = False) -> Tie:
        pairs = paired(first.names, second.names, self.table)
        one, other = self._beside({first.path, second.path})
        shown = agreement(one, other, pairs)
        return Tie({"original": first, "augmented": second}, pairs, shown, groups)

    def _beside(self, paths: Collection[str]) -> Sequence[Sequence[Row]]:
        """What is compared, original first, without some fields."""
        others = [i for i, path in enumerate(self.compared) if path not in paths]
        tables = [self.table[c] for c in CONDITIONS]
        if len(others) == len(self.compared):
            return tables
        return [[tuple(row[i] for i in others) for row in table] for table in tables]

    def _groups(self, key: Key) -> bool:
        """Whether records of one name agree as one person's do, or the field can only mean a person."""
        if key.n_names * MOST_ROWS < key.n_named or key.is_of("group"):
            return False
        if key.is_of("person"):
            return True
        places = defaultdict(list)
        for place, name in enumerate(key.names):
            if name is not None:
                places[name].append(place)
        pairs = [pair for some in places.values() for pair in pairwise(some)]
        inside = agreement(self.table["original"], self.table["original"], pairs)
        return inside.lift >= 0.3 and (inside.told or inside.n_pairs < FEWEST)


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


def _names_records(key: Key, is_private: bool) -> bool:
    """Whether a field could name records: by what it is called, or by what stands there."""
    if key.n_names < 2 or key.n_named < FILLED * len(key.names):
        return False
    if key.is_named:
        return key.n_names * MOST_ROWS >= key.n_named
    return (key.is_code or is_private or key.is_running) and key.is_unique


def _n_covered(first: Key, second: Key) -> int:
    known = {*first.names} - {None}
    return sum(name in known for name in second.names)


def _refuse_unknown(
    settled: Settled, keys: Mapping[Condition, Mapping[str, Key]], leaves: Sequence[str]
) -> None:
    asked: list[tuple[str, str | None, list[Condition]]] = [
        ("--id", settled.id, ["original"] if settled.pair_by else ["original", "augmented"]),
        ("--pair-by", settled.pair_by, ["augmented"]),
    ]
    wrong = [
        f"{flag} {path}: no field of the {condition} file"
        for flag, path, files in asked
        if path not in (None, NONE)
        for condition in files
        if path not in keys[condition] or not keys[condition][path].n_named
    ]
    if wrong:
        remedy = f"There are: {', '.join(leaves)}; --id {NONE} says that no field names the person"
        raise mistakes("--id and --pair-by name a field that is not there", wrong, remedy)
