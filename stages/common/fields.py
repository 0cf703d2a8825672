"""A field: what the schema says of it, and its value in a profile.

Objects are flattened: the field `address.city` is the key `city` of the object `address`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast, get_args

from jsonschema import SchemaError, ValidationError

from stages.common.patterns import Validator, within
from stages.common.records import Profile
from stages.common.shown import MAX_LISTED, MAX_SHOWN, brief, listed
from stages.shell.errors import UserError

MISSING = object()
"""What `get` returns for a field that a profile does not have (null is a value)."""

AMBIGUOUS = re.compile(
    r"^(null|true|false|string|number|integer|boolean|array|object)?$|^[\s\d.+-]|[\s]$|[|\"\n]"
)
"""Text that, without quotes, could be read as a number, a constant, a type or several levels."""

Role = Literal["protected", "attribute", "number", "text", "identifier"]


@dataclass(frozen=True)
class Field:
    """One leaf of the schema."""

    path: str
    role: Role
    types: tuple[str, ...]
    levels: tuple[Any, ...]
    """Levels of an enum, without null."""
    required: bool
    node: dict[str, Any]

    @property
    def nullable(self) -> bool:
        return "null" in self.types

    def violations(self, value: Any) -> list[str]:
        """Why a value does not fit this field; [] if it does."""
        with within(self.path):
            return [said(error) for error in self._validator.iter_errors(value)]

    def fits(self, value: Any) -> bool:
        """Whether a value fits this field."""
        with within(self.path):
            return bool(self._validator.is_valid(value))

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.node)


def get(profile: Profile, path: str) -> Any:
    """The value at a dotted path, or MISSING.

    >>> get({"address": {"city": "Köln"}}, "address.city")
    'Köln'
    """
    value: Any = profile
    for key in path.split("."):
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value


def put(profile: Profile, path: str, value: Any) -> None:
    """Set the value at a dotted path in place, creating objects on the way."""
    *parents, last = path.split(".")
    for key in parents:
        profile = profile.setdefault(key, {})
    profile[last] = value


def take(profile: Profile, path: str) -> Any:
    """The value removed from a dotted path; MISSING if there is none."""
    *parents, last = path.split(".")
    inner = get(profile, ".".join(parents)) if parents else profile
    return inner.pop(last, MISSING) if isinstance(inner, dict) else MISSING


def leaves(profile: Profile, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted path and value of all that a profile holds; lists and empty objects count as values."""
    for key, inner in profile.items():
        if isinstance(inner, dict) and inner:
            yield from leaves(inner, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", inner


def canonical(value: Any) -> str:
    """One text per JSON value, whatever the order of keys; true is not 1.

    >>> canonical({"b": 1, "a": None}) == canonical({"a": None, "b": 1})
    True
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def said(error: ValidationError | SchemaError) -> str:
    """The validator's sentence, with null and true where it says None and True.

    >>> [said(e) for e in Validator({"type": "integer"}).iter_errors(None)]
    ["null is not of type 'integer'"]
    >>> [said(e) for e in Validator({"enum": ["a", True, None]}).iter_errors(False)]
    ['false is not one of "a", true, null']
    """
    message, value = error.message, cast(Any, error.instance)
    shown = brief(repr(value) if isinstance(value, str) else canonical(value))
    if error.validator == "enum":
        levels: Any = error.validator_value
        return f"{shown} is not one of {', '.join(map(canonical, levels))}"
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        extra = [key for key in dict(value) if key not in error.schema.get("properties", {})]
        if len(extra) > MAX_LISTED and not error.schema.get("patternProperties"):
            names = listed(map(repr, extra))
            return f"Additional properties are not allowed ({names} were unexpected)"
    written = repr(value)
    rest = message[len(written) :] if message.startswith(written) else None
    return brief(message, 2 * MAX_SHOWN) if rest is None else f"{shown}{rest}"


def types_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The JSON types that a part of a schema allows; null where its enum has it."""
    kinds = node.get("type", [])
    types = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    return (*types, "null") if None in node.get("enum", []) and "null" not in types else types


def levels_in(node: Mapping[str, Any]) -> tuple[Any, ...]:
    """Levels of an enum, without null."""
    return tuple(level for level in node.get("enum", []) if level is not None)


def described(node: Any) -> str:
    """Description of the values that a part of the schema allows, down into lists and objects.

    >>> described({"type": ["array", "null"], "items": {"enum": ["de", "fr"]}})
    '[de | fr, …] | null'
    >>> described({"type": "array", "items": {"properties": {"title": {"type": "string"}}}})
    '[{title: string}, …]'
    """
    if not isinstance(node, Mapping):  # true or false are schemas too
        return ""
    kinds = [_bare(level) for level in levels_in(node)]
    kinds = kinds or [_kind_described(kind, node) for kind in types_of(node) if kind != "null"]
    if not kinds and "properties" in node:
        kinds = [_kind_described("object", node)]
    return " | ".join([*kinds, *(["null"] if "null" in types_of(node) else [])])


def _kind_described(kind: str, node: Mapping[str, Any]) -> str:
    if kind == "array" and (items := described(node.get("items"))):
        return f"[{items}, …]"
    if kind == "object" and node.get("properties"):
        return (
            "{" + ", ".join(f"{key}: {described(child)}" for key, child in node["properties"].items()) + "}"
        )
    return kind


def fields_of(node: dict[str, Any], prefix: str, where: str) -> list[Field]:
    """The fields of an object of the schema, in its order; UserError names a key that is no field."""
    fields = []
    for key, child in node["properties"].items():
        path = f"{prefix}{key}"
        if "." in key:
            raise UserError(f"{where}: {key!r}: a key with a dot cannot be told from a nested one; rename it")
        if not isinstance(child, dict):
            raise UserError(
                f"{where}: {path}: is {canonical(child)}; it must be an object with type and x-role"
            )
        if "properties" in child:
            fields += fields_of(child, f"{path}.", where)
        else:
            fields.append(_leaf(child, path, key in node.get("required", []), where))
    return fields


def _leaf(child: dict[str, Any], path: str, required: bool, where: str) -> Field:
    role: Any = child.get("x-role")
    if role not in get_args(Role):
        found = f"is {canonical(role)}; it" if "x-role" in child else "is missing; it"
        raise UserError(f"{where}: {path}: x-role {found} must be one of {', '.join(get_args(Role))}")
    return Field(path, role, types_of(child), levels_in(child), required, child)


def _bare(level: Any) -> str:
    """A level without quotes, which cost tokens, unless it would be read as something else."""
    if isinstance(level, str) and not AMBIGUOUS.search(level):
        return level
    return json.dumps(level, ensure_ascii=False)
