"""Who is who in the two files: decided by what both of them say, or by the person who asks."""

from collections.abc import Collection, Mapping, Sequence

from stages.common.records import CONDITIONS, Condition, Profile
from stages.shell.errors import mistakes
from thesis.init.agreeing import rows
from thesis.init.keys import Key, key_of, repeated
from thesis.init.searching import FILLED, MOST_ROWS, Search
from thesis.init.ties import NONE, WEAK, Settled, Who


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
    """Whether a field could name records: by what it is called, or by what stands there."""
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
        remedy = f"There are: {', '.join(leaves)}; --id {NONE} says that no field names the person"
        raise mistakes("--id and --pair-by name a field that is not there", wrong, remedy)
