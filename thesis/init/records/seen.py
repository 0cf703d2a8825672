"""What each place of the records of both files holds: shapes, values, nulls."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from stages.common.fields import canonical
from stages.common.records import CONDITIONS, Condition

Scalar: TypeAlias = tuple[str, Any]
"""JSON type and value: true is not 1."""
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def _counters() -> dict[Condition, Counter[Any]]:
    return {condition: Counter() for condition in CONDITIONS}


@dataclass
class Seen:
    """One place: a field, the items of a list, or the records themselves."""

    scalars: dict[Condition, Counter[Scalar]] = field(default_factory=_counters)
    lists: dict[Condition, Counter[str]] = field(default_factory=_counters)
    """Canonical texts."""
    n_by_file: Counter[Condition] = field(default_factory=Counter)
    n_objects: int = 0
    n_nulls: int = 0
    parts: dict[str, "Seen"] = field(default_factory=dict)
    items: "Seen | None" = None

    @property
    def n(self) -> int:
        return sum(self.n_by_file.values())

    @property
    def n_lists(self) -> int:
        return sum(counter.total() for counter in self.lists.values())

    @property
    def all_scalars(self) -> Counter[Scalar]:
        return self.scalars["original"] + self.scalars["augmented"]

    @property
    def types(self) -> set[str]:
        return {kind for counter in self.scalars.values() for kind, _ in counter}

    def texts(self) -> Counter[str]:
        return Counter({value: n for (kind, value), n in self.all_scalars.items() if kind == "string"})

    def look(self, value: Any, condition: Condition, nulls: frozenset[str]) -> None:
        """Count a value; texts are trimmed and in Unicode form NFC, as in `prepare`."""
        self.n_by_file[condition] += 1
        if isinstance(value, dict):
            self.n_objects += 1
            for key, inner in value.items():
                if key not in self.parts:
                    self.parts[key] = Seen()
                self.parts[key].look(inner, condition, nulls)
        elif isinstance(value, list):
            self.lists[condition][canonical(value)] += 1
            self.items = self.items or Seen()
            for inner in value:
                self.items.look(inner, condition, nulls)
        else:
            text = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value
            if text is None or text in nulls:
                self.n_nulls += 1
            else:
                self.scalars[condition][TYPES[type(text)], text] += 1

    def leaves(self, prefix: str = "") -> Iterator[tuple[str, "Seen"]]:
        """Dotted path and place of every field, within objects but not within lists."""
        for key, part in self.parts.items():
            if part.parts:
                yield from part.leaves(f"{prefix}{key}.")
            elif not part.n_objects:
                yield f"{prefix}{key}", part

    def places(self, path: str = "") -> Iterator[tuple[str, "Seen"]]:
        """This place and all within it, each with its path (`phones[].number`)."""
        yield path, self
        for key, part in self.parts.items():
            yield from part.places(f"{path}.{key}".lstrip("."))
        if self.items:
            yield from self.items.places(f"{path}[]")

    def plain(self, path: str = "") -> dict[str, "Seen"]:
        """The places that hold plain values, by path."""
        return {inner: place for inner, place in self.places(path) if place.types}

    def shapes(self) -> dict[str, int]:
        """How often it is an object, a list or a plain value; null is none of these."""
        n_plain = sum(counter.total() for counter in self.scalars.values())
        found = {"an object": self.n_objects, "a list": self.n_lists, "a plain value": n_plain}
        return {name: n for name, n in found.items() if n}


def inside(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """A value and all within it, each with its path, as `Seen.places` has it."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inside(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from inside(inner, f"{path}[]")
