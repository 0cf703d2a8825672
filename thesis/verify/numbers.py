"""Numbers of nested metrics, which a damaged or hostile file need not hold."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from stages.common.shown import brief


def leaves(content: Any) -> Iterator[tuple[str, Any]]:
    """Every value of nested objects by dotted path; the content itself under "" if it is no object.

    >>> dict(leaves({"loss": {"best": 0.5}, "n": 3}))
    {'n': 3, 'loss.best': 0.5}
    """
    # a list, as a file can nest as deeply as Python can read, and calls cannot nest much deeper
    waiting: list[tuple[tuple[str, ...], Any]] = [((), content)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [((*path, key), inner) for key, inner in value.items()]
        else:
            yield ".".join(path), value


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value is a finite number that a float can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def no_numbers(content: Any) -> list[str]:
    """Paths of nested metrics at which no number stands, with what stands there."""
    return [
        f"{path or 'all of it'}: {brief(repr(value))} is no number"
        for path, value in leaves(content)
        if not is_number(value)
    ]
