"""Read the two files, and refuse what cannot be used."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from stages.common.phrases import many, shortened
from stages.common.records import CONDITIONS, Condition
from stages.prepare.reading import kind_of, read_layout
from stages.shell.errors import UserError, mistakes
from thesis.init.records.seen import Seen, inside

Track: TypeAlias = Callable[[Iterable[Any], str], Iterable[Any]]
"""Iterates and shows progress, given a description."""
MOST_SHOWN = 60
"""Characters of a value that a message shows."""


@dataclass(frozen=True)
class Given:
    """One of the two files."""

    path: Path
    records: list[dict[str, Any]]
    layout: str = ""
    """How the records were extracted, if the file is not a plain list of them."""


def read_both(paths: Mapping[Condition, Path], track: Track) -> dict[Condition, Given]:
    """The records of both files.

    Raises:
        UserError: a missing or unreadable file, the same file twice, entries that are not objects, keys
            with a dot, no field in common. All mistakes of both files are reported at once.
    """
    given, wrong = {}, []
    for condition in track(CONDITIONS, "reading"):
        try:
            given[condition] = _read(paths[condition])
        except UserError as error:
            wrong.append(str(error))
    if wrong:
        raise UserError("\n".join(wrong))
    if _same(*paths.values()):
        raise UserError(
            f"--original and --augmented are the same: {paths['original']}, {paths['augmented']}\n"
            "Give the file before the augmentation, and the one after it"
        )
    _refuse_strangers(given)
    return given


def look(given: Mapping[Condition, Given], nulls: frozenset[str], track: Track) -> Seen:
    """What every place of both files holds.

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
    found = read_layout(path)
    wrong = [
        f"record {position}: is {kind_of(value)}, not an object"
        for position, value in enumerate(found.values, 1)
        if not isinstance(value, dict)
    ]
    if wrong:
        remedy = "Each profile is one object: {…}. Remove the other entries"
        if len(wrong) == len(found.values):
            remedy = 'Each profile is one object with the names of its fields (pandas: orient="records")'
        raise mistakes(f"{path}: {len(wrong)} of {len(found.values)} records are not profiles", wrong, remedy)
    records = found.values
    dotted = {key: None for record in records for key in _keys(record) if "." in key or not key}
    if dotted:
        lines = [
            f"{key!r}: contains a dot, which stands for nesting" if key else "'': is empty" for key in dotted
        ]
        raise mistakes(f"{path}: {many(len(lines), 'key')} cannot be used", lines, "Rename them in the file")
    return Given(path, records, found.note)


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
            "The two files have no field in common",
            [f"{given[c].path}: {', '.join(fields[c][:12]) or '(empty objects)'}" for c in CONDITIONS],
            "They must be the same data before and after augmentation, with the same names of fields",
        )


def _refuse_mixed_shapes(seen: Seen, given: Mapping[Condition, Given]) -> None:
    mixed = {path: place.shapes() for path, place in seen.places() if len(place.shapes()) > 1}
    if not mixed:
        return
    rarest = {path: min(shapes, key=lambda shape: shapes[shape]) for path, shapes in mixed.items()}
    examples = _examples(given, rarest)
    wrong = [f"{path}: {_counted(shapes)}; {examples[path][0]}" for path, shapes in mixed.items()]
    remedy = "Give each field the same shape in both files"
    if any(value == [] and "an object" in mixed[path] for path, (_, value) in examples.items()):
        remedy += "; write {} or null, not [], where an object is empty"
    files = " and ".join(str(one.path) for one in given.values())
    raise mistakes(f"{files}: {many(len(wrong), 'field')} with more than one shape", wrong, remedy)


def _examples(given: Mapping[Condition, Given], rarest: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
    """The first record that has the rarest shape of each place, in words, and its value there."""
    found: dict[str, tuple[str, Any]] = {}
    for one in given.values():
        for position, record in enumerate(one.records, 1):
            for path, value in inside(record):
                if path not in found and rarest.get(path) == _shape(value):
                    text = shortened(json.dumps(value, ensure_ascii=False), MOST_SHOWN)
                    found[path] = f"{rarest[path]} in {one.path.name}, record {position}: {text}", value
    return found


def _shape(value: Any) -> str:
    return {dict: "an object", list: "a list", type(None): "null"}.get(type(value), "a plain value")


def _counted(shapes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {many(n, 'time')}" for name, n in shapes.items())
