"""JSON objects as the standard has them, and nothing that only Python accepts."""

import json
import math
from typing import Any

from stages.common.fields import canonical
from stages.common.records import Profile
from stages.common.shown import brief

MAX_DEPTH = 32
"""Of nested objects and lists; deeper ones break readers of the JSONL files."""


def decode(text: str, start: int = 0) -> tuple[Profile, int]:
    """The object that begins at `start`, and where it ends.

    Raises:
        ValueError: if there is none, it has a key twice, NaN or an infinite number,
            half a surrogate pair, or nests deeper than MAX_DEPTH.

    >>> decode('so: {"age": 34}.', 4)
    ({'age': 34}, 15)
    """
    try:
        profile, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise ValueError(f"nests deeper than {MAX_DEPTH} levels") from None
    check(profile)
    return profile, end


def check(profile: Any) -> None:
    """ValueError unless `profile` is an object that can be written as JSON in UTF-8."""
    if not isinstance(profile, dict):
        raise ValueError("not an object")
    _check_depth(profile)
    canonical(profile).encode()


def _check_depth(value: Any, depth: int = 1) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_depth(inner, depth + 1)


def _unique_keys(pairs: list[tuple[str, Any]]) -> Profile:
    found: Profile = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"has the key {brief(key)!r} twice")
        found[key] = value
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{brief(digits, 40)} is too large a number")
    return number


_DECODER = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_unique_keys
)
