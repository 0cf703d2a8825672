"""The profile schema: what a field is, what fits together, what a profile breaks.

A field is described once, in data/schema/profile.schema.json. Objects are flattened:
the field `address.city` is the key `city` of the object `address`.
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from jsonschema import Draft202012Validator, SchemaError

from stages.common.errors import UserError, mistakes
from stages.common.files import read_json
from stages.common.records import Profile

SCHEMA = Path("data/schema/profile.schema.json")
MISSING = object()
"""What `get` returns for a field that a profile does not have (null is a value)."""

AMBIGUOUS = re.compile(
    r"^(null|true|false|string|number|integer|boolean|array|object)?$|^[\s\d.+-]|[\s]$|[|\"\n]"
)
"""Text that without quotes could be taken for a number, a constant, a type or several levels."""

Role = Literal["protected", "attribute", "number", "text", "identifier"]


@dataclass(frozen=True)
class Field:
    """One leaf of the schema."""

    path: str
    role: Role
    types: tuple[str, ...]
    levels: tuple[Any, ...]
    """Of an enum, without null."""
    required: bool
    node: dict[str, Any]

    @property
    def nullable(self) -> bool:
        return "null" in self.types

    def describe(self) -> str:
        """The field in the words of a prompt: `employment: employed | not in labor force | null`."""
        kinds = [_bare(level) for level in self.levels] or [kind for kind in self.types if kind != "null"]
        return f"{self.path}: {' | '.join([*kinds, *(['null'] if self.nullable else [])])}"

    def violations(self, value: Any) -> list[str]:
        """What is wrong with a value of this field."""
        return [error.message for error in Draft202012Validator(self.node).iter_errors(value)]


@dataclass(frozen=True)
class Rule:
    """An entry of `x-rules`: what must fit together."""

    id: str
    condition: Draft202012Validator
    consequence: Draft202012Validator

    def broken_by(self, profile: Profile) -> bool:
        return self.condition.is_valid(profile) and not self.consequence.is_valid(profile)


class ProfileSchema:
    """A profile schema, read once.

    Raises:
        UserError: if it is not a valid JSON Schema 2020-12 of an object with roles.
    """

    def __init__(self, node: dict[str, Any], where: str = str(SCHEMA)) -> None:
        _check(node, where)
        self.all_fields = tuple(_leaves(node, "", where))
        identifiers = [field.path for field in self.all_fields if field.role == "identifier"]
        if len(identifiers) > 1:
            raise UserError(f"{where}: {', '.join(identifiers)}: only one field can have x-role identifier")
        self.identifier = identifiers[0] if identifiers else None
        self.node = _without(node, self.identifier)
        self.rules = tuple(
            Rule(rule["id"], Draft202012Validator(rule["if"]), Draft202012Validator(rule["then"]))
            for rule in node.get("x-rules", [])
        )

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """What a profile shows: all but the identifier, in the schema's order."""
        return tuple(field for field in self.all_fields if field.role != "identifier")

    @cached_property
    def identifier_field(self) -> Field | None:
        return next((field for field in self.all_fields if field.role == "identifier"), None)

    def by_role(self, *roles: Role) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.role in roles)

    def field(self, path: str) -> Field | None:
        return next((field for field in self.fields if field.path == path), None)

    @cached_property
    def _validator(self) -> Draft202012Validator:
        return Draft202012Validator(self.node)

    def violations(self, profile: Any) -> list[str]:
        """What does not fit the schema, one line each: `income: '45k' is not of type 'integer'`."""
        errors = sorted(self._validator.iter_errors(profile), key=lambda e: [str(p) for p in e.absolute_path])
        return [f"{'.'.join(map(str, e.absolute_path)) or 'profile'}: {e.message}" for e in errors]

    def broken_rules(self, profile: Profile) -> list[str]:
        """The ids of the `x-rules` that a profile breaks."""
        return [rule.id for rule in self.rules if rule.broken_by(profile)]


def load_schema(path: Path = SCHEMA) -> ProfileSchema:
    return ProfileSchema(read_json(path), str(path))


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
    """Set a dotted path in place, making the objects on the way."""
    *parents, last = path.split(".")
    for key in parents:
        profile = profile.setdefault(key, {})
    profile[last] = value


def _bare(level: Any) -> str:
    """A level without quotes, which cost tokens, unless it would then read as something else."""
    if isinstance(level, str) and not AMBIGUOUS.search(level):
        return level
    return json.dumps(level, ensure_ascii=False)


def _check(node: Any, where: str) -> None:
    if not isinstance(node, dict) or not isinstance(node.get("properties"), dict):
        raise UserError(f'{where}: not the schema of an object: it needs "properties"')
    rules = node.get("x-rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise UserError(f"{where}: x-rules must be a list of objects, each with an id, an if and a then")
    incomplete = [
        f"rule {i}: has no {key!r}"
        for i, rule in enumerate(rules, start=1)
        for key in ("id", "if", "then")
        if key not in rule
    ]
    if incomplete:
        raise mistakes(f"{where}: x-rules are incomplete", incomplete, "A rule has an id, an if and a then")
    try:
        for part in [node, *(rule[key] for rule in rules for key in ("if", "then"))]:
            Draft202012Validator.check_schema(part)
    except SchemaError as error:
        place = "/".join(map(str, error.absolute_path)) or "(top)"
        raise UserError(f"{where}: not a JSON Schema 2020-12: {place}: {error.message}") from None


def _leaves(node: dict[str, Any], prefix: str, where: str) -> list[Field]:
    fields = []
    for key, child in node["properties"].items():
        path = f"{prefix}{key}"
        if "." in key:
            raise UserError(f"{where}: {key!r}: a key with a dot cannot be told from a nested one; rename it")
        if not isinstance(child, dict):
            raise UserError(f"{where}: {path}: is {child!r}; it must be an object with type and x-role")
        if "properties" in child:
            fields += _leaves(child, f"{path}.", where)
        else:
            fields.append(_leaf(child, path, key in node.get("required", []), where))
    return fields


def _leaf(child: dict[str, Any], path: str, required: bool, where: str) -> Field:
    kinds = child.get("type", [])
    types = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    enum = child.get("enum", [])
    if None in enum and "null" not in types:
        types = (*types, "null")
    role: Any = child.get("x-role")
    if role not in get_args(Role):
        raise UserError(f"{where}: {path}: x-role is {role!r}; it must be one of {', '.join(get_args(Role))}")
    levels = tuple(level for level in enum if level is not None)
    return Field(path, role, types, levels, required, child)


def _without(node: dict[str, Any], identifier: str | None) -> dict[str, Any]:
    """The schema without its identifier, which no prompt and no completion shows."""
    if identifier is None:
        return node
    first, _, rest = identifier.partition(".")
    if rest:
        inner = _without(node["properties"][first], rest)
        return {**node, "properties": {**node["properties"], first: inner}}
    properties = {key: child for key, child in node["properties"].items() if key != identifier}
    required = [key for key in node.get("required", []) if key != identifier]
    return {**node, "properties": properties, "required": required}
