"""The profile schema: its fields, what fits together, what a profile breaks.

A field is described once, in data/schema/profile.schema.json.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from stages.common.fields import Field, Role, described, fields_of, said
from stages.common.files import read_json
from stages.common.patterns import MAX_PARTS, Validator, too_large, within
from stages.common.records import Profile
from stages.common.shown import brief
from stages.common.text_rules import read_text_rules
from stages.shell.errors import UserError, mistakes

SCHEMA = Path("data/schema/profile.schema.json")
MAX_VIOLATIONS = 100
"""Violations that are listed for one profile; the rest is counted."""


@dataclass(frozen=True)
class Rule:
    """An entry of `x-rules`: what must fit together."""

    id: str
    condition: Validator
    consequence: Validator

    def broken_by(self, profile: Profile) -> bool:
        return self.applies_to(profile) and not self._fits(self.consequence, profile)

    def applies_to(self, profile: Profile) -> bool:
        return self._fits(self.condition, profile)

    def _fits(self, part: Validator, profile: Profile) -> bool:
        with within(f"x-rules, {self.id}: "):
            return bool(part.is_valid(profile))


class ProfileSchema:
    """A profile schema, read once.

    Raises:
        UserError: if it is not a valid JSON Schema 2020-12 of an object with roles.
    """

    def __init__(self, node: dict[str, Any], where: str = str(SCHEMA)) -> None:
        _check(node, where)
        self.all_fields = tuple(fields_of(node, "", where))
        identifiers = [field for field in self.all_fields if field.role == "identifier"]
        if len(identifiers) > 1:
            paths = ", ".join(field.path for field in identifiers)
            raise UserError(f"{where}: {paths}: only one field can have x-role identifier")
        self.identifier_field = next(iter(identifiers), None)
        self.identifier = self.identifier_field.path if self.identifier_field else None
        self.with_identifier = node
        self.node = _without(node, self.identifier)
        self.rules = tuple(
            Rule(rule["id"], Validator(rule["if"]), Validator(rule["then"]))
            for rule in node.get("x-rules", [])
        )
        self.text_rules = read_text_rules(node, self.fields, where)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """What a profile shows: all but the identifier, in the schema's order."""
        return tuple(field for field in self.all_fields if field.role != "identifier")

    @cached_property
    def described(self) -> str:
        """What a profile shows, in the words of a prompt; an object as it is written, on one line.

        `employment: employed | not in labor force | null`, `address: {city: string, since: integer}`.
        """
        shown = {k: child for k, child in self.node["properties"].items() if child.get("properties") != {}}
        return "\n".join(f"{key}: {described(child)}" for key, child in shown.items())

    def by_role(self, *roles: Role) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.role in roles)

    def field(self, path: str) -> Field | None:
        return next((field for field in self.fields if field.path == path), None)

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.node)

    def violations(self, profile: Any) -> list[str]:
        """What does not fit the schema, one line each: `income: '45k' is not of type 'integer'`."""
        errors = sorted(self._validator.iter_errors(profile), key=lambda e: [str(p) for p in e.absolute_path])
        found = [f"{_place(e.absolute_path)}: {said(e)}" for e in errors[:MAX_VIOLATIONS]]
        more = len(errors) - len(found)
        return [*found, f"profile: {more:,} more things do not fit the schema"] if more else found

    def broken_rules(self, profile: Profile) -> list[str]:
        """The ids of the `x-rules` that a profile breaks."""
        return [rule.id for rule in self.rules if rule.broken_by(profile)]

    def broken_text_rules(self, profile: Profile) -> list[str]:
        """The ids of the `x-text-rules` that a profile breaks."""
        return [rule.id for rule in self.text_rules if rule.broken_by(profile)]


def load_schema(path: Path = SCHEMA) -> ProfileSchema:
    return ProfileSchema(read_json(path), str(path))


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
    if large := [repr(brief(pattern)) for pattern in _patterns(node) if too_large(pattern)]:
        remedy = f"Counts inside one another multiply, as in (a{{1000}}){{1000}}: at most {MAX_PARTS:,} parts"
        raise mistakes(f"{where}: patterns are too large or too deep to be used", large, remedy)
    try:
        for part in [node, *(rule[key] for rule in rules for key in ("if", "then"))]:
            Draft202012Validator.check_schema(part)
    except SchemaError as error:
        place = "/".join(map(str, error.absolute_path)) or "(top)"
        raise UserError(f"{where}: not a JSON Schema 2020-12: {place}: {said(error)}") from None
    if {"patternProperties", "unevaluatedProperties"} <= {*_keys(node)}:
        beside = "unevaluatedProperties beside patternProperties"
        raise UserError(f"{where}: {beside} cannot be checked; use additionalProperties")
    if any("$schema" in _keys(part) for part in node.values()):
        raise UserError(f"{where}: $schema belongs at the top only; delete it below")


def _place(path: Iterable[Any]) -> str:
    return brief(".".join(map(str, path))) or "profile"


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _keys(child)


def _patterns(part: Any) -> Iterator[str]:
    """Regular expressions in a schema, its rules and its text rules."""
    if isinstance(part, dict):
        own = part.get("patternProperties")
        yield from (text for text in (part.get("pattern"), *(own or ())) if isinstance(text, str))
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _patterns(child)


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
