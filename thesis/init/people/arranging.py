"""Rewrite the records: one id for each person in both files, and nothing private."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from stages.common.fields import canonical
from stages.common.records import CONDITIONS, Condition, Profile
from thesis.init.fields.private import is_in
from thesis.init.people.agreement import Agreement, Pair, Row, n_alike
from thesis.init.people.ties import Tie, paired
from thesis.init.records.seen import Seen

NEW = ("person", "person_id", "person_number", "number_of_person")
"""Names for a new field that numbers the people; the first free one is taken."""
MOST = 1_000_000
"""Most comparisons (records without an id times records without a twin) for which twins are searched."""


@dataclass(frozen=True)
class Identity:
    """The identifier of the files as they will be written."""

    path: str
    tie: Tie
    n_shared: int
    """People in both files."""
    max_twins: Mapping[Condition, int]
    """Most records per person, by file."""
    pairs: Sequence[Pair] = field(repr=False)
    filled: Mapping[Condition, Sequence[int]]
    """Positions, from 1, of records that had no id."""
    several: Mapping[Condition, Mapping[str, Sequence[int]]] = field(repr=False)
    """Positions of different records that share an id."""

    @property
    def agreement(self) -> Agreement:
        return self.tie.agreement


def identified(
    tie: Tie,
    records: Mapping[Condition, Sequence[Profile]],
    table: Mapping[Condition, Sequence[Row]],
    *,
    numbered: bool,
) -> tuple[Identity, dict[Condition, list[Any]]]:
    """The identifier, and the id of each record of both files.

    Args:
        numbered: whether people get numbers, because the matching field is private or not an id.
    """
    ids = _numbers(tie) if numbered else _own(tie)
    filled = {c: [place for place, one in enumerate(ids[c]) if one is None] for c in CONDITIONS}
    _fill(ids, filled, table, tie.agreement)
    names = {c: [str(one) for one in ids[c]] for c in CONDITIONS}
    places = {c: _places(names[c]) for c in CONDITIONS}
    several = {c: _several(places[c], records[c]) for c in CONDITIONS}
    identity = Identity(
        path=_new_name(records) if numbered else tie.keys["original"].path,
        tie=tie,
        n_shared=len({*names["original"]} & {*names["augmented"]}),
        max_twins={c: max(map(len, several[c].values()), default=1) for c in CONDITIONS},
        pairs=paired(names["original"], names["augmented"], table),
        filled={c: [place + 1 for place in filled[c]] for c in CONDITIONS},
        several=several,
    )
    return identity, ids


def arranged(
    records: Sequence[Profile], left_out: Collection[str], path: str | None, ids: Sequence[Any]
) -> list[Profile]:
    """The records without some places, each with its id at a path."""
    bare = [without(record, left_out) for record in records]
    if path is None:
        return bare
    return [_with(record, path.split("."), one) for record, one in zip(bare, ids, strict=True)]


def without(value: Any, left_out: Collection[str], path: str = "") -> Any:
    """A copy without some places, and without the objects and lists that this empties.

    >>> without({"tel": [{"use": "home", "no": "555"}], "name": {"first": "Jo"}}, {"tel[].no", "name.first"})
    {'tel': [{'use': 'home'}]}
    """
    if isinstance(value, list):
        inner = [(before, without(before, left_out, f"{path}[]")) for before in value]
        return [] if f"{path}[]" in left_out else [after for before, after in inner if _stays(before, after)]
    if not isinstance(value, dict):
        return value
    places = {key: f"{path}.{key}".lstrip(".") for key in value}
    found = {k: without(v, left_out, places[k]) for k, v in value.items() if places[k] not in left_out}
    return {key: inner for key, inner in found.items() if _stays(value[key], inner)}


def emptied(seen: Seen, left_out: Collection[str]) -> set[str]:
    """Paths of the objects and lists of which nothing is left, including those that were empty before."""
    objects = [(path, place) for path, place in seen.places() if path and place.n_objects]
    bare = {path for path, place in objects if _is_bare(path, place, left_out)}
    return bare | {path.removesuffix("[]") for path in {*left_out} | bare}


def _is_bare(path: str, place: Seen, left_out: Collection[str]) -> bool:
    inside = place.plain(path)
    return bool(inside) and all(any(is_in(inner, one) for one in left_out) for inner in inside)


def _stays(before: Any, after: Any) -> bool:
    return after not in ({}, []) or before in ({}, [])


def _with(record: Profile, path: Sequence[str], one: Any) -> Profile:
    """The record with a value at a path: in its old place, or in front."""
    first, *rest = path
    inner = record.get(first)
    value = _with(inner if isinstance(inner, dict) else {}, rest, one) if rest else one
    return {**record, first: value} if first in record else {first: value, **record}


def _own(tie: Tie) -> dict[Condition, list[Any]]:
    """Each record's own id, as the original file writes it."""
    first, second = (tie.keys[c] for c in CONDITIONS)
    typed = {name: value for key in (second, first) for name, value in zip(key.names, key.found, strict=True)}
    return {c: [name and typed[name] for name in tie.keys[c].names] for c in CONDITIONS}


def _numbers(tie: Tie) -> dict[Condition, list[Any]]:
    """Numbers from 1 in the order of the original file, then of the augmented one."""
    names = dict.fromkeys(name for c in CONDITIONS for name in tie.keys[c].names if name is not None)
    numbers = {name: number for number, name in enumerate(names, start=1)}
    return {c: [name and numbers[name] for name in tie.keys[c].names] for c in CONDITIONS}


def _fill(
    ids: Mapping[Condition, list[Any]],
    empty: Mapping[Condition, Sequence[int]],
    table: Mapping[Condition, Sequence[Row]],
    usual: Agreement,
) -> None:
    """Give each record without an id that of the most similar record without a twin, or a new one."""
    known = {one for some in ids.values() for one in some if one is not None}
    fresh = count(max((one for one in known if isinstance(one, int)), default=0) + 1)
    texts = any(isinstance(one, str) for one in known)
    enough = (usual.share + usual.by_chance) / 2
    sides: tuple[tuple[Condition, Condition], ...] = (("augmented", "original"), ("original", "augmented"))
    for side, other in sides:
        mine = {str(one) for one in ids[side]}
        lone = [place for place, one in enumerate(ids[other]) if one is None or str(one) not in mine]
        for place in empty[side]:
            if ids[side][place] is not None:
                continue
            row, found = table[side][place], None
            if lone and len(empty[side]) * len(lone) <= MOST:
                best = max(lone, key=lambda one: n_alike(row, table[other][one]))
                found = best if n_alike(row, table[other][best]) >= enough * len(row) else None
            new = f"record-{place + 1}-of-{side}" if texts else next(fresh)
            if found is not None:
                lone.remove(found)
                ids[other][found] = ids[other][found] if ids[other][found] is not None else new
            ids[side][place] = new if found is None else ids[other][found]


def _places(names: Sequence[str]) -> dict[str, list[int]]:
    places = defaultdict(list)
    for place, name in enumerate(names):
        places[name].append(place)
    return dict(places)


def _several(places: Mapping[str, Sequence[int]], records: Sequence[Profile]) -> dict[str, list[int]]:
    unlike = {
        name: [*{canonical(records[place]): place + 1 for place in reversed(some)}.values()][::-1]
        for name, some in places.items()
        if len(some) > 1
    }
    return {name: some for name, some in unlike.items() if len(some) > 1}


def _new_name(records: Mapping[Condition, Sequence[Profile]]) -> str:
    taken = {key for some in records.values() for record in some for key in record}
    return next(name for name in NEW if name not in taken)
