"""The two files as they are given, and what is wrong with them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from stages.common.errors import UserError, mistakes
from stages.common.records import CONDITIONS, Condition
from stages.prepare.reading import kind_of, read_raw
from stages.report.numbers import many
from thesis.init.looking import Seen

Track: TypeAlias = Callable[[Iterable[Any], str], Iterable[Any]]
"""Goes through something and shows how far it is."""


@dataclass(frozen=True)
class Given:
    """One of the two files."""

    path: Path
    records: list[dict[str, Any]]


def read_both(paths: Mapping[Condition, Path], track: Track) -> dict[Condition, Given]:
    """The records of both files.

    Raises:
        UserError: missing, not to be read, the same file twice, entries that are no objects, keys
            with a dot, no field in common; all mistakes of both files at once.
    """
    if paths["original"].exists() and paths["augmented"].exists() and _same(*paths.values()):
        raise UserError(
            f"--original and --augmented are the same: {paths['original']}, {paths['augmented']}\n"
            "Give the file before the augmentation, and the one after it"
        )
    given, wrong = {}, []
    for condition in track(CONDITIONS, "reading"):
        try:
            given[condition] = _read(paths[condition])
        except UserError as error:
            wrong.append(str(error))
    if wrong:
        raise UserError("\n".join(wrong))
    _refuse_strangers(given)
    return given


def look(given: Mapping[Condition, Given], nulls: frozenset[str], track: Track) -> Seen:
    """What stands in every place of both files.

    Raises:
        UserError: lists the places that are an object in some records and something else in others.
    """
    seen = Seen()
    for condition, one in given.items():
        for record in track(one.records, f"looking at {condition}"):
            seen.look(record, condition, nulls)
    _refuse_mixed_shapes(seen, given)
    return seen


def _read(path: Path) -> Given:
    raw = read_raw(path)
    wrong = [
        f"record {entry.position}: is {kind_of(entry.value)}, not an object"
        for entry in raw
        if not isinstance(entry.value, dict)
    ]
    if wrong:
        remedy = "Each profile is one object: {…}; take the others out"
        raise mistakes(f"{path}: {len(wrong)} of {len(raw)} records are no profiles", wrong, remedy)
    records = [entry.value for entry in raw]
    dotted = {key: None for record in records for key in _keys(record) if "." in key or not key}
    if dotted:
        lines = [f"{key!r}: a dot in a key stands for nesting" if key else "'': is empty" for key in dotted]
        raise mistakes(f"{path}: {many(len(lines), 'key')} cannot be used", lines, "Rename them in the file")
    return Given(path, records)


def _keys(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def _same(first: Path, second: Path) -> bool:
    if first.samefile(second):
        return True
    both_files = first.is_file() and second.is_file()
    alike = both_files and first.stat().st_size == second.stat().st_size
    return alike and first.read_bytes() == second.read_bytes()


def _refuse_strangers(given: Mapping[Condition, Given]) -> None:
    fields = {
        c: list(dict.fromkeys(key for record in one.records for key in record)) for c, one in given.items()
    }
    if not {*fields["original"]} & {*fields["augmented"]}:
        raise mistakes(
            "the two files have no field in common",
            [f"{given[c].path}: {', '.join(fields[c][:12]) or '(empty objects)'}" for c in CONDITIONS],
            "They must be the same data before and after augmentation, with the same names of fields",
        )


def _refuse_mixed_shapes(seen: Seen, given: Mapping[Condition, Given]) -> None:
    wrong = [
        f"{path}: {_counted(place.shapes())}" for path, place in _places(seen) if len(place.shapes()) > 1
    ]
    if wrong:
        files = " and ".join(str(one.path) for one in given.values())
        raise mistakes(
            f"{files}: {many(len(wrong), 'field')} of more than one shape",
            wrong,
            "Give each field one shape in both files",
        )


def _places(seen: Seen, path: str = "") -> Iterable[tuple[str, Seen]]:
    for key, part in seen.parts.items():
        yield f"{path}{key}", part
        yield from _places(part, f"{path}{key}.")
    if seen.items:
        yield f"{path.rstrip('.')}[]", seen.items
        yield from _places(seen.items, f"{path.rstrip('.')}[].")


def _counted(shapes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n} times" for name, n in shapes.items())
