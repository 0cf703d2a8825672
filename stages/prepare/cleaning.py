"""Cleaning of one record: nulls, spelling, numbers, the order of keys."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stages.common.fields import MISSING, leaves, levels_in, take, types_of
from stages.common.records import Profile, one_line
from stages.common.schema import ProfileSchema
from stages.prepare.params import NullParams, NumberParams
from stages.prepare.reading import kind_of


@dataclass(frozen=True)
class CleanRecord:
    """A person of one condition."""

    position: int
    source_id: str
    """Empty until it is derived if the record has no identifier."""
    has_own_id: bool
    profile: Profile
    """Profile without the identifier, keys in the schema's order."""
    nth: int = 1
    """Position among the file's records with this content, if the id was derived."""

    @property
    def text(self) -> str:
        """The profile as the one-line JSON that training teaches."""
        return one_line(self.profile)


@dataclass(frozen=True)
class Cleaner:
    """The rules of cleaning: schema and params."""

    schema: ProfileSchema
    nulls: NullParams
    numbers: NumberParams

    def clean(self, position: int, raw: Any) -> CleanRecord | list[str]:
        """The clean record, or all reasons why it is refused."""
        if not isinstance(raw, dict):
            return [f"is {kind_of(raw)}, not an object"]
        if dotted := [key for key in _keys(raw) if "." in key]:
            return [f"{key!r}: a dot in a key stands for nesting; rename it" for key in dotted]
        profile = self._object(raw, self.schema.with_identifier)
        source_id, reasons = self._source_id(profile)
        reasons += [self._with_hint(line) for line in self.schema.violations(profile)]
        if self.nulls.become == "refused":
            reasons += [f"{path}: is null" for path, value in leaves(profile) if _holds_null(value)]
        if reasons:
            return reasons
        return CleanRecord(position, source_id or "", bool(source_id), profile)

    def _source_id(self, profile: Profile) -> tuple[str | None, list[str]]:
        """The person's own id, removed from the profile, and what is wrong with it."""
        field = self.schema.identifier_field
        if field is None:
            return None, []
        value = take(profile, field.path)
        if value is MISSING or value is None:
            return None, []
        if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
            return None, [f"{field.path}: must be a text or a whole number, not empty"]
        checked = str(value) if "string" in field.types else value
        return str(value), [f"{field.path}: {line}" for line in field.violations(checked)]

    def _with_hint(self, violation: str) -> str:
        if self.nulls.become == "dropped" and violation.endswith("is a required property"):
            return f'{violation} (prepare.nulls.become: dropped leaves nulls out; take it out of "required")'
        return violation

    def _value(self, value: Any, node: Mapping[str, Any]) -> Any:
        """A value by its part of the schema, and what is in it by the parts of that."""
        if isinstance(value, list):
            return [self._value(inner, _part(node.get("items"))) for inner in value]
        if isinstance(value, dict):
            return self._object(value, node)
        if isinstance(value, str):
            value = unicodedata.normalize("NFC", value).strip()
            if value in self.nulls.spellings and value not in levels_in(node):
                return None
            types = {*types_of(node)}
            if {"integer", "number"} & types and "string" not in types:
                value = read_number(value, self.numbers)
        if isinstance(value, float) and value.is_integer() and "integer" in types_of(node):
            return int(value)
        return value

    def _object(self, value: Profile, node: Mapping[str, Any]) -> Profile:
        """Known keys in the schema's order, then what the schema does not know."""
        parts = node.get("properties", {})
        keys = [*(key for key in parts if key in value), *(key for key in value if key not in parts)]
        clean = {key: self._value(value[key], _part(parts.get(key))) for key in keys}
        if self.nulls.become != "dropped":
            return clean
        return {key: inner for key, inner in clean.items() if inner is not None or key not in parts}


def read_number(text: str, rules: NumberParams) -> int | float | str:
    """The number that a text spells by the rules, or the text itself.

    If a point separates thousands, a comma starts the decimals. Units stand before or after the number.

    >>> read_number("45,000 km", NumberParams(thousands_separator=",", units=["km"]))
    45000
    >>> read_number("€ 1.100,50", NumberParams(thousands_separator=".", units=["€"]))
    1100.5
    """
    units = "|".join(re.escape(unit) for unit in rules.units)
    plain = re.sub(rf"^({units})(\s+|(?<=\W)(?=\S))|\s*({units})$", "", text) if units else text
    if rules.thousands_separator:
        plain = _plain_digits(plain, rules.thousands_separator)
    if re.fullmatch(r"[+-]?\d{1,300}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"[+-]?\d{1,300}\.\d+", plain) else text


def _plain_digits(text: str, separator: str) -> str:
    """Digits without separators, decimals after a point; other spellings stay unchanged."""
    spelled = text.replace("\u2019", "'").replace("\u00a0", " ").replace("\u202f", " ")
    decimals = {",": ".", ".": ","}.get(separator, ".,")
    thousands = rf"\d{{1,3}}(?:{re.escape(separator)}\d{{3}})+"
    found = re.fullmatch(rf"([+-]?(?:{thousands}|\d+))(?:[{decimals}](\d+))?", spelled)
    if found is None:
        return text
    return found[1].replace(separator, "") + (f".{found[2]}" if found[2] else "")


def _part(node: Any) -> Mapping[str, Any]:
    """A part of the schema; true and false, which are schemas too, say nothing of cleaning."""
    return node if isinstance(node, Mapping) else {}


def _holds_null(value: Any) -> bool:
    if isinstance(value, list | dict):
        return any(_holds_null(inner) for inner in (value if isinstance(value, list) else value.values()))
    return value is None


def _keys(value: Profile) -> Iterator[str]:
    for key, inner in value.items():
        yield key
        if isinstance(inner, dict):
            yield from _keys(inner)
