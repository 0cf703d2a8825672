"""Decide who is who in the two files, and what is left out of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from stages.common.records import CONDITIONS, Condition, Profile
from stages.shell.errors import mistakes
from thesis.init.fields.private import hardly_repeats, is_in, private
from thesis.init.people.agreement import rows
from thesis.init.people.arranging import Identity, arranged, emptied, identified
from thesis.init.people.keys import PLACE, Key, key_of, repeated
from thesis.init.people.mentions import mentions
from thesis.init.people.search import FILLED, MOST_ROWS, Search
from thesis.init.people.ties import NONE, WEAK, Settled, Tie, Who
from thesis.init.records.reading import Given
from thesis.init.records.seen import Seen


@dataclass(frozen=True)
class People:
    """Who is who in the files, and what was left out of them."""

    given: Mapping[Condition, Given] = field(repr=False)
    """The files with the records as they will be written."""
    rewritten: Mapping[Condition, bool]
    """Whether the records differ from those that were given."""
    identity: Identity | None
    refuted: Sequence[Tie]
    left_out: Mapping[str, str]
    """What each place that is left out held, by path."""
    mentions: Mapping[str, int]
    """In how many records a text still mentions what was left out, by the text's path."""


def people_of(
    given: Mapping[Condition, Given], seen: Seen, nulls: frozenset[str], settled: Settled
) -> People:
    """Decide who is who from both files, and leave out what is private.

    Raises:
        UserError: a flag names a field that is not there.
    """
    records = {c: given[c].records for c in CONDITIONS}
    hidden = private(seen, settled.keep)
    plain = seen.plain()
    leaves = [path for path, _ in seen.leaves()]
    places = [p for p in {**dict.fromkeys(leaves), **plain} if "[]" not in p or hardly_repeats(plain[p])]
    secret = [path for path in places if any(is_in(path, one) for one in hidden)]
    who = who_is_who(records, places, leaves, secret, nulls, settled)
    left_out = hidden | {p: "numbers the records" for p in who.numbering if p not in secret}
    identity: Identity | None = None
    ids: dict[Condition, list[Any]] = {}
    if who.tie is not None:
        source, second = (who.tie.keys[c].path for c in CONDITIONS)
        numbered = settled.id == WEAK or source == PLACE or source in secret or "[]" in source
        identity, ids = identified(who.tie, records, who.table, numbered=numbered)
        if second not in (source, PLACE):
            left_out[second] = f"names the {source} of original"
        left_out.pop(identity.path, None)
    left_out = {p: what for p, what in left_out.items() if not any(is_in(p, one) for one in settled.keep)}
    _refuse_needless(settled.keep, [*plain])
    path = identity.path if identity else None
    gone = {*left_out} | emptied(seen, left_out)
    found = {
        c: replace(given[c], records=arranged(records[c], gone, path, ids.get(c, ()))) for c in CONDITIONS
    }
    rewritten = {c: found[c].records != records[c] for c in CONDITIONS}
    said = Counter[str]()
    for c in CONDITIONS:
        said += mentions(records[c], found[c].records, [path for path in hidden if path in left_out])
    return People(found, rewritten, identity, who.refuted, left_out, said)


def _refuse_needless(kept: Sequence[str], places: Sequence[str]) -> None:
    wrong = [f"--keep {one}" for one in kept if not any(is_in(place, one) for place in places)]
    if wrong:
        raise mistakes(
            "--keep names a field that is not there", wrong, f"The fields are: {', '.join(places)}"
        )


def who_is_who(
    records: Mapping[Condition, Sequence[Profile]],
    places: Sequence[str],
    leaves: Sequence[str],
    private: Collection[str],
    nulls: frozenset[str],
    settled: Settled,
) -> Who:
    """The tie that the user's flags name; without flags, the one that the evidence supports.

    Args:
        places: paths of all plain values.
        leaves: the paths that are not in a list.

    Raises:
        UserError: a named field is in no file, or matches nothing.
    """
    repeats = {c: repeated(records[c]) for c in CONDITIONS}
    keys = {c: {path: key_of(path, records[c], nulls, repeats[c]) for path in places} for c in CONDITIONS}
    named = [p for p in places if any(_names_records(keys[c][p], p in private) for c in CONDITIONS)]
    compared = [path for path in leaves if path not in named]
    table = {c: rows(records[c], compared, nulls) for c in CONDITIONS}
    search = Search(records, keys, table, named, compared)
    if settled.id == WEAK:
        tie = search.weak(leaves)
    elif settled.id is not None or settled.pair_by is not None:
        _refuse_unknown(settled, keys, leaves)
        tie = None if settled.id == NONE else search.settled(settled)
    else:
        return search.found()
    return Who(tie, table, [], search.numbering())


def _names_records(key: Key, is_private: bool) -> bool:
    """Whether a field could name records, judged by its name or its values."""
    if key.n_names < 2 or key.n_named < FILLED * len(key.names):
        return False
    if key.is_named:
        return key.n_names * MOST_ROWS >= key.n_named
    return (key.is_code or is_private or key.is_running) and key.is_unique


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
        remedy = f"The fields are: {', '.join(leaves)}. Use --id {NONE} if no field names the person"
        raise mistakes("--id and --pair-by name a field that is not there", wrong, remedy)
