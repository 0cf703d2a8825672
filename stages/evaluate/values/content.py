"""The content of profiles: values that the schema allows.

A null that the schema allows is a value. A missing or invalid value is not: `presence` and `domain` count
them, and no other measure takes two profiles for alike because both lack a field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from stages.common.fields import MISSING, Field, get, put
from stages.common.records import Profile
from stages.common.schema import ProfileSchema

NEEDED = 2
"""Profiles that a distance, coverage or entropy needs: one does not show how values are spread."""


def content(profile: Profile, schema: ProfileSchema) -> Profile:
    """A copy with nothing but the valid values of the schema's fields."""
    kept: Profile = {}
    for field in schema.fields:
        value = valid(profile, field.path, schema)
        if value is not MISSING:
            put(kept, field.path, value)
    return kept


def valid(profile: Profile, path: str, schema: ProfileSchema) -> Any:
    """The value of a field; MISSING if there is none, or none that the schema allows."""
    value = get(profile, path)
    return value if value is not MISSING and _checks(schema)[path](value) else MISSING


def compared(schema: ProfileSchema, *, texts: bool = False) -> tuple[Field, ...]:
    """The fields by which whole profiles are compared: those that every profile must have.

    Two profiles can be compared by a field if both have it. With fields that profiles may leave out, each
    pair would be compared by other fields: such a distance need not be Euclidean (Gower 1971), and what
    an arm omits would look like what it writes. A schema that requires none is compared by all of them.
    """
    fields = tuple(field for field in schema.fields if texts or field.role != "text")
    return tuple(field for field in fields if _always_there(field.path, schema.node)) or fields


def is_whole(profile: Profile, fields: Iterable[Field]) -> bool:
    """Whether the content of a profile has each of the fields."""
    return all(get(profile, field.path) is not MISSING for field in fields)


def too_few_valid(n: int, n_readable: int, where: str = "a valid value") -> str | None:
    """Why a distribution of so few values cannot be compared; None if it can."""
    if n >= NEEDED:
        return None
    return f"profiles with {where}: {n} of {n_readable} readable; needs n >= {NEEDED}"


def too_few_whole(n: int, n_readable: int, fields: Sequence[Field]) -> str:
    """Why whole profiles are not compared; what is needed is still to be said."""
    return f"profiles with valid values in all {len(fields)} compared fields: {n} of {n_readable} readable"


@lru_cache(maxsize=8)
def _checks(schema: ProfileSchema) -> Mapping[str, Callable[[Any], bool]]:
    return {field.path: field.fits for field in schema.all_fields}


def _always_there(path: str, node: Mapping[str, Any]) -> bool:
    for key in path.split("."):
        if key not in node.get("required", []):
            return False
        node = node["properties"][key]
    return True
