"""Strict JSON objects, found within a text."""

import json
from typing import Any

from stages.common.files import STRICT
from stages.common.records import Profile
from stages.common.shown import brief

MAX_DEPTH = 32
"""Levels of objects and lists. Readers of the JSONL files fail on deeper ones."""


def decode(text: str, start: int = 0) -> tuple[Profile, int]:
    """The object that begins at `start`, and the position after it.

    Raises:
        ValueError: if there is none, it has a key twice, NaN or an infinite number,
            half a surrogate pair, or nests deeper than MAX_DEPTH.

    >>> decode('so: {"age": 34}.', 4)
    ({'age': 34}, 15)
    """
    try:
        profile, end = STRICT.raw_decode(text, start)
    except RecursionError:
        raise ValueError(f"nests deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise ValueError(brief(str(error))) from None
    check(profile)
    return profile, end


def check(profile: Any) -> None:
    """ValueError unless `profile` is an object that can be written as JSON in UTF-8."""
    if not isinstance(profile, dict):
        raise ValueError("not an object")
    _check_depth(profile)
    json.dumps(profile, ensure_ascii=False, allow_nan=False).encode()


def _check_depth(value: Any, depth: int = 1) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_depth(inner, depth + 1)
