"""Search for the keys that match the records of the two files."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stages.common.records import CONDITIONS, Condition, Profile
from stages.shell.errors import UserError
from thesis.init.people.agreement import FEWEST, Row, agreement
from thesis.init.people.keys import PLACE, Key, place_of
from thesis.init.people.respelling import names_within
from thesis.init.people.ties import Settled, Tie, Who, paired

FILLED = 0.9
"""Share of records that must have a value for the field to be an id."""
MOST_ROWS = 12
"""Most records per person, on average."""
COVERED = 0.9
"""Share of augmented values that must be ids of original for the field to name the original."""


@dataclass(frozen=True)
class Search:
    records: Mapping[Condition, Sequence[Profile]]
    keys: Mapping[Condition, Mapping[str, Key]]
    table: Mapping[Condition, Sequence[Row]]
    named: Collection[str]
    compared: Sequence[str]

    def found(self) -> Who:
        """The best tie that is not contradicted by the records."""
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
        """Fields that give each record of a file a name of its own."""
        some = {p: [k for c in CONDITIONS if (k := self.keys[c][p]).n_named] for p in self.named}
        return [p for p, keys in some.items() if all(key.is_unique for key in keys)]

    def settled(self, settled: Settled) -> Tie:
        """The tie by the fields that the user named; the original's field is searched if it was not named."""
        keys = self.keys["original"]
        second = self.keys["augmented"][settled.pair_by or settled.id or ""]
        if settled.id is not None:
            return self._tie(keys[settled.id], second)
        mine = [*keys.values(), *self._places()]
        ties = [self._tie(key, second) for key in mine if _n_covered(key, second)]
        best = max(ties, key=lambda tie: (len(tie.pairs), tie.worth), default=None)
        if best is None:
            raise UserError(
                f"--pair-by {settled.pair_by}: no field of the original file has its values\n"
                "It must name the original's id; give that field with --id FIELD"
            )
        return best

    def weak(self, leaves: Sequence[str]) -> Tie | None:
        """A tie by the place in the file, or by a unique field that is not named like an id."""
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
        """Ties by a field of both files that names the original's records."""
        for path in self.named:
            key = self.keys["original"][path]
            if key.n_named < FILLED * len(key.names) or key.n_names < 2:
                continue
            groups = not key.is_unique and self._groups(key)
            if key.is_unique or groups:
                yield self._tie(key, self.keys["augmented"][path], groups)

    def _respelled(self) -> Iterator[Tie]:
        """Ties by a field whose augmented ids respell or extend those of original."""
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
        """Ties by an augmented field that holds another original field's values, or places in the file."""
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
        """The compared values without some fields, original first."""
        others = [i for i, path in enumerate(self.compared) if path not in paths]
        tables = [self.table[c] for c in CONDITIONS]
        if len(others) == len(self.compared):
            return tables
        return [[tuple(row[i] for i in others) for row in table] for table in tables]

    def _groups(self, key: Key) -> bool:
        """Whether records that share a name agree like one person's, or the field can only mean a person."""
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


def _n_covered(first: Key, second: Key) -> int:
    known = {*first.names} - {None}
    return sum(name in known for name in second.names)
