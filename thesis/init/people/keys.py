"""Candidates for the identifier: a field, a value in a list, the place in the file."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from stages.common.fields import MISSING, canonical, get
from stages.common.records import Profile
from thesis.init.fields.dates import date_pattern
from thesis.init.fields.naming import vocabulary, words

_CODE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-zÀ-ɏ])\w[\w.:/#@+-]*|\S+@\S+")
_NO_CODE = re.compile(r"[+-]?\d[\d.,]*[^\W\d]{1,5}|\d{4}-\d\d-\d\dT\S+|https?://\S+")
"""A number with its unit, a time, a web address."""
UNIQUE = 0.9
"""Share of distinct names from which a field names records; with fewer it names groups, or levels."""
LEAST_RUNNING = 10
"""Records from which consecutive numbers are not there by chance."""
PLACE = "the place in the file"


@dataclass(frozen=True)
class Key:
    """The name that a field gives to each record of a file; None where the field is empty."""

    path: str
    found: Sequence[Any] = field(repr=False)
    names: Sequence[str | None] = field(repr=False)
    repeats: frozenset[int] = field(repr=False, default=frozenset())
    """Places of records that repeat an earlier one."""

    @property
    def n_names(self) -> int:
        return len({*self.names} - {None})

    @property
    def n_named(self) -> int:
        return sum(name is not None for name in self.names)

    @property
    def is_unique(self) -> bool:
        """Whether nearly every record has a name of its own; repeated records share one."""
        n = sum(name is not None and place not in self.repeats for place, name in enumerate(self.names))
        return self.n_names >= UNIQUE * n

    @property
    def is_running(self) -> bool:
        """Whether whole numbers grow by one per record, and the field's name is not that of a measure."""
        found = [one for place, one in enumerate(self.found) if place not in self.repeats]
        if (
            len(found) < LEAST_RUNNING
            or vocabulary("measure", "score") & {*self.last}
            or not all(str(one).isdecimal() for one in found)
        ):
            return False
        return [int(one) for one in found] == [*range(int(found[0]), int(found[0]) + len(found))]

    @property
    def last(self) -> list[str]:
        """Words of the field's own name, and of its object's name if that is a word for ids (`id.thomas`)."""
        *parents, own = self.path.replace("[]", "").split(".")
        outer = [word for parent in parents[-1:] for word in words(parent)]
        return [*(outer if {*outer} <= vocabulary("record") else []), *words(own)]

    @property
    def is_named(self) -> bool:
        """Whether the field is named like an identifier of people or records."""
        if self.is_of("group", "kin") and not self.is_of("person"):
            return False
        return self.is_of("person", "record") or bool({*self.last[-1:]} & vocabulary("end"))

    def is_of(self, *kinds: str) -> bool:
        """Whether the name has a word of people.yaml; words of other scripts are found anywhere in it."""
        found = vocabulary(*kinds)
        return bool(found & {*self.last}) or any(w in self.path for w in found if not w.isascii())

    @property
    def is_code(self) -> bool:
        """Whether all names are letters with digits, without spaces."""
        found = {value for value in self.found if value is not None}
        codes = bool(found) and all(isinstance(value, str) and is_code(value) for value in found)
        return codes and date_pattern(found) is None


def is_code(text: str) -> bool:
    """Whether it is letters and digits without spaces, or an email address; not a quantity or a time.

    >>> [is_code(text) for text in ("r-017", "今年20岁喜欢读书", "35kg", "a@b.de")]
    [True, False, False, True]
    """
    text = text.strip()
    return bool(_CODE.fullmatch(text)) and not _NO_CODE.fullmatch(text)


def key_of(
    path: str, records: Sequence[Profile], nulls: frozenset[str], repeats: frozenset[int] = frozenset()
) -> Key:
    """The key of a dotted path; what stands in a list is joined."""
    if path == PLACE:
        return place_of(records)
    if "[]" in path:
        found = [_one([*values(record, path)]) for record in records]
    else:
        found = [None if (one := get(record, path)) is MISSING else _whole(one) for record in records]
    names = [_name(value, nulls) for value in found]
    known = [None if name is None else one for one, name in zip(found, names, strict=True)]
    return Key(path, known, names, repeats)


def repeated(records: Sequence[Profile]) -> frozenset[int]:
    """Places of records that repeat an earlier one."""
    first: dict[str, int] = {}
    return frozenset(i for i, one in enumerate(records) if first.setdefault(canonical(one), i) != i)


def place_of(records: Sequence[Profile], first: int = 1) -> Key:
    places = range(first, first + len(records))
    return Key(PLACE, places, [str(place) for place in places])


def values(value: Any, path: str) -> Iterator[Any]:
    """The values at a path; `phones[].number` is the number of every phone."""
    first, _, rest = path.replace("[]", ".[]").lstrip(".").partition(".")
    if not path:
        yield value
    elif first == "[]" and isinstance(value, list):
        for inner in value:
            yield from values(inner, rest)
    elif isinstance(value, dict) and first in value:
        yield from values(value[first], rest)


def _one(found: Sequence[Any]) -> Any:
    several = " ".join(str(one) for one in found if one is not None)
    return _whole(found[0]) if len(found) == 1 else several or None


def _whole(one: Any) -> Any:
    """The value; 1.0 as 1."""
    return int(one) if isinstance(one, float) and one.is_integer() else one


def _name(value: Any, nulls: frozenset[str]) -> str | None:
    if value is None or isinstance(value, bool | float | list | dict):
        return None
    name = unicodedata.normalize("NFC", str(value)).strip()
    return None if name in nulls else name
