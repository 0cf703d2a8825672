"""Ids that the augmentation respelled: in capitals, without zeros, or with something added."""

import re
from collections.abc import Iterator, Sequence


def names_within(names: Sequence[str | None], known: Sequence[str | None]) -> list[str | None]:
    """Replace each name by the known one that it respells or extends.

    A number is never cut: p-12 is not p-1 with a 2. If several known names match, the longest is taken.

    >>> names_within(["P-1", "p-1_male", "p-12", "x-p-1"], ["p-1", "p-3"])
    ['p-1', 'p-1', 'p-12', 'p-1']
    >>> names_within(["0007", "7b"], ["7"])
    ['7', '7']
    """
    by_form: dict[tuple[str, ...], str] = {}
    for name in known:
        if name is not None and by_form.setdefault(_parts(name), name) != name:
            return [*names]  # two people would become one
    return [
        name and next((by_form[f] for f in _inside(_parts(name)) if f in by_form), name) for name in names
    ]


def _parts(name: str) -> tuple[str, ...]:
    """Runs of letters, of digits and of signs, between which a name can be cut."""
    found = re.findall(r"\d+|[^\W\d_]+|[\W_]+", name.casefold())
    return tuple(part.lstrip("0") or "0" if part.isdecimal() else part for part in found)


def _inside(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Parts of a name, longest first; among equally long ones the beginning, then the end."""
    for size in range(len(parts), 0, -1):
        yield parts[:size]
        yield parts[-size:]
        yield from (parts[i : i + size] for i in range(1, len(parts) - size))
