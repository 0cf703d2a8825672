"""Who is who in the two files: the identifier, and in what the versions of a person differ."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stages.common.fields import MISSING, canonical, get
from stages.common.records import CONDITIONS, Condition, Profile
from thesis.init.looking import Seen
from thesis.init.naming import words

NAMES = {
    *(
        "id",
        "ids",
        "uid",
        "uuid",
        "guid",
        "identifier",
        "key",
        "kennung",
        "nr",
        "nummer",
        "person",
        "subject",
    ),
    *(
        "participant",
        "respondent",
        "proband",
        "probandin",
        "teilnehmer",
        "identifiant",
        "kimlik",
        "identificador",
    ),
}
"""Words in the name of a field that names the person."""
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d])[^\s\d]\S*|\S+@\S+")
"""Letters and digits without a blank, or an address of mail."""
SOME = 0.05
"""Share of people in whom a field differs, from which it counts as re-assigned."""


@dataclass(frozen=True)
class Identity:
    """The field that ties the two files together."""

    path: str
    n_shared: int
    """People in both files."""
    n_people: dict[Condition, int]
    max_twins: dict[Condition, int]
    """The most records of one person, by file."""


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


def identity_of(leaves: Mapping[str, Seen], n_records: Mapping[Condition, int]) -> Identity | None:
    """The field that is another one for each original person; by its name, then by how many are shared."""
    candidates = [
        _identity(path, seen) for path, seen in leaves.items() if _names_people(path, seen, n_records)
    ]
    by_worth = sorted(candidates, key=lambda one: (bool(NAMES & {*words(one.path)}), one.n_shared))
    return by_worth[-1] if by_worth else None


def differences(
    identity: Identity | None, records: Mapping[Condition, Sequence[Profile]], paths: Sequence[str]
) -> Differences:
    """Field by field, over all pairs of an augmented record and the original of the same person."""
    if identity is None:
        return Differences(0)
    originals = {str(get(record, identity.path)): record for record in records["original"]}
    found, n_pairs = Counter[str](), 0
    for record in records["augmented"]:
        twin = originals.get(str(get(record, identity.path)))
        if twin is not None:
            n_pairs += 1
            found.update(path for path in paths if _text(twin, path) != _text(record, path))
    return Differences(n_pairs, len(paths) - 1, found)


def _names_people(path: str, seen: Seen, n_records: Mapping[Condition, int]) -> bool:
    """Unique in original, there for everyone; numbers and long texts only under such a name."""
    original = seen.scalars["original"]
    if seen.n_nulls or seen.types - {"string", "integer"} or len(original) != n_records["original"]:
        return False
    if seen.scalars["augmented"].total() != n_records["augmented"] or n_records["original"] < 2:
        return False
    if NAMES & {*words(path)}:
        return True
    return all(kind == "string" and _CODE.fullmatch(value) for kind, value in original)


def _identity(path: str, seen: Seen) -> Identity:
    ids = {c: Counter(str(value) for _, value in seen.scalars[c].elements()) for c in CONDITIONS}
    return Identity(
        path,
        n_shared=len({*ids["original"]} & {*ids["augmented"]}),
        n_people={c: len(ids[c]) for c in CONDITIONS},
        max_twins={c: max(ids[c].values(), default=1) for c in CONDITIONS},
    )


def _text(record: Profile, path: str) -> str:
    value: Any = get(record, path)
    return "" if value is MISSING else canonical(value)
