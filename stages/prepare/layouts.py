"""Layouts of files with records, all read as a list of objects.

What pandas and instruction data sets write is opened where nothing is lost by it. Everything else is
refused with the way to write it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from stages.prepare.instructions import profiles_within

Table: TypeAlias = Mapping[str, Mapping[str, Any]]
MAX_NAMED = 5
"""Number of keys that a message names. There can be one for each person."""
EXPECTED = (
    "It must be an array of profiles, one profile a line (JSONL), or an object that holds one array "
    '(of pandas: to_json(path, orient="records"))'
)


class UnknownLayoutError(ValueError):
    """A layout that is not known; the text says what was found and expected."""


@dataclass(frozen=True)
class Layout:
    """The records of a file."""

    values: list[Any]
    note: str = ""
    """How they were extracted, if the file is not a list of them."""


def opened(value: list[Any] | dict[str, Any]) -> Layout:
    """The records in what a file holds.

    Raises:
        UnknownLayoutError: if there is more than one way to read it, or none.

    >>> opened({"age": {"a": 30, "b": 40, "c": 50}, "city": {"a": "x", "b": "y", "c": "z"}}).values[0]
    {'id': 'a', 'age': 30, 'city': 'x'}
    >>> opened({"people": [{"age": 30}]}).values
    [{'age': 30}]
    """
    found = Layout(value) if isinstance(value, list) else _of_object(value)
    within = profiles_within(found.values)
    return (
        Layout(within, "instruction rows, of which the answers are the profiles")
        if within is not None
        else found
    )


def named(keys: Sequence[str]) -> str:
    """The first few keys, and how many others there are.

    >>> named(["a", "b", "c", "d", "e", "f", "g"])
    'a, b, c, d, e and 2 more'
    """
    more = f" and {len(keys) - MAX_NAMED} more" if len(keys) > MAX_NAMED else ""
    return ", ".join(keys[:MAX_NAMED]) + more


def _of_object(value: dict[str, Any]) -> Layout:
    arrays = {key: inner for key, inner in value.items() if isinstance(inner, list)}
    if {"columns", "data"} <= {*arrays} and {*value} <= {"columns", "index", "data"}:
        return Layout(_split(value), "pandas' orientation split")
    if _is_table_of_pandas(value):
        return Layout(_without_index(value), "pandas' orientation table")
    if len(arrays) == 1:
        return Layout(list(*arrays.values()))
    if len(arrays) == len(value) > 1 and _are_columns(arrays):
        rows = zip(*arrays.values(), strict=True)
        return Layout([dict(zip(arrays, row, strict=True)) for row in rows], "one list for each field")
    tables = {key: inner for key, inner in value.items() if _is_table(inner)}
    if not arrays and _is_table(value) and not tables:
        return _of_table(value)
    if not arrays and len(tables) == 1 and not _is_table(value):
        return _of_table(*tables.values())
    if len(value) == 1 and (within := _of_single(value)):
        return within
    raise UnknownLayoutError(f"the top level is {_described(value, arrays)}\n{EXPECTED}")


def _is_table_of_pandas(value: Mapping[str, Any]) -> bool:
    schema = value.get("schema")
    return {*value} == {"schema", "data"} and isinstance(schema, dict) and "fields" in schema


def _without_index(value: Mapping[str, Any]) -> list[Any]:
    """Rows of a table, without an index that only counts them."""
    rows = value["data"]
    for key in value["schema"].get("primaryKey") or ():
        if all(isinstance(row, dict) for row in rows) and _is_running([row.get(key) for row in rows]):
            rows = [{name: one for name, one in row.items() if name != key} for row in rows]
    return list(rows)


def _of_single(value: Mapping[str, Any]) -> Layout | None:
    """Records under the only key of an object, if that can be opened."""
    (inner,) = value.values()
    try:
        return _of_object(inner) if isinstance(inner, dict) else None
    except UnknownLayoutError:
        return None


def _split(value: Mapping[str, Any]) -> list[Any]:
    columns, rows = value["columns"], value["data"]
    index = value.get("index") or [*range(len(rows))]
    wrong = [i for i, row in enumerate(rows, 1) if not isinstance(row, list) or len(row) != len(columns)]
    if wrong or len(index) != len(rows) or not all(isinstance(name, str) for name in columns):
        place = f"row {wrong[0]} has not {len(columns)} values" if wrong else "columns, index and data differ"
        raise UnknownLayoutError(f"pandas' orientation split: {place}\n{EXPECTED}")
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return records if _is_running(index) else _with_keys(index, records)


def _are_columns(arrays: Mapping[str, list[Any]]) -> bool:
    """Whether all values are lists of one length, but not several lists of records."""
    sizes = {len(inner) for inner in arrays.values()}
    return len(sizes) == 1 and any(not isinstance(one, dict) for inner in arrays.values() for one in inner)


def _is_table(value: Any) -> bool:
    """Whether it is an object of two objects or more."""
    return isinstance(value, dict) and len(value) > 1 and all(isinstance(i, dict) for i in value.values())


def _of_table(table: Table) -> Layout:
    """Objects by person or by field."""
    outer, inner = [*table], [*dict.fromkeys(key for one in table.values() for key in one)]
    by_field = _by_field(table, outer, inner)
    if by_field is None:
        words = f"an object of {len(outer)} objects with {len(inner)} keys, of people or of fields"
        raise UnknownLayoutError(f"the top level is {words} ({named(outer)})\n{EXPECTED}")
    if by_field:
        records = [{name: column[key] for name, column in table.items()} for key in inner]
        return _keyed(inner, records, "pandas' orientation columns")
    return _keyed(outer, [*table.values()], "one object for each key")


def _keyed(keys: Sequence[str], records: Sequence[Mapping[str, Any]], note: str) -> Layout:
    if _is_running(keys):
        return Layout([dict(record) for record in records], note)
    found = _with_keys(keys, records)
    name = next(iter(found[0]))
    return Layout(found, f"{note}, the key as {name}" if len(found[0]) > len(records[0]) else note)


def _by_field(table: Table, outer: Sequence[str], inner: Sequence[str]) -> bool | None:
    """Whether objects stand by person: a field holds one kind of value, a person several. None if unclear."""
    if any(len(column) != len(inner) for column in table.values()):
        return False
    if _is_running(inner) != _is_running(outer):
        return _is_running(inner)
    across = sum(_of_one_kind(column.values()) for column in table.values()) / len(outer)
    along = sum(_of_one_kind([one[key] for one in table.values()]) for key in inner) / len(inner)
    if across != along:
        return across > along
    return None if len(inner) == len(outer) else len(inner) > len(outer)


def _of_one_kind(values: Iterable[Any]) -> bool:
    kinds = (type(value) for value in values if value is not None)
    return len({float if kind is int else kind for kind in kinds}) <= 1


def _is_running(keys: Sequence[Any]) -> bool:
    """Whether the keys are 0, 1, 2 …: positions, not names."""
    return [str(key) for key in keys] == [str(i) for i in range(len(keys))]


def _with_keys(keys: Sequence[Any], records: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Each record with its key, unless a field says the same already."""
    taken = {name for record in records for name in record}
    pairs = [*zip(keys, records, strict=True)]
    if any(all(str(record.get(name)) == str(key) for key, record in pairs) for name in taken):
        return [dict(record) for record in records]
    name = next(name for name in _names() if name not in taken)
    return [{name: key, **record} for key, record in pairs]


def _names() -> Iterator[str]:
    yield from ("id", "key", "index")
    number = 1
    while True:
        number += 1
        yield f"key_{number}"


def _described(value: Mapping[str, Any], arrays: Mapping[str, Any]) -> str:
    if len(arrays) > 1:
        return f"an object with {len(arrays)} arrays ({named([*arrays])})"
    kinds = {isinstance(inner, dict) for inner in value.values()}
    what = f"an object of {len(value)} objects" if kinds == {True} else "an object without an array"
    return f"{what} (keys: {named([*value])})"
