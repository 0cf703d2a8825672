"""`x-text-rules` of the schema: words of a text field that contradict another field.

A rule finds a regular expression in a text, on whole words, upper and lower case alike.
Where it stands, the profile must fit a schema (`then`), or what the group `value`
caught must be the value of a field (`equals`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator, SchemaError
from pydantic import Field as Key

from stages.common.fields import MISSING, Field, get
from stages.common.params import Params, parse
from stages.common.patterns import Pattern, Validator, compiled, within
from stages.common.records import Profile
from stages.shell.errors import mistakes

NAME = "x-text-rules"


@dataclass(frozen=True)
class TextRule:
    """An entry of `x-text-rules`; it has either `consequence` or `equals`."""

    id: str
    text: str
    """The path of the field of role text."""
    pattern: Pattern
    consequence: Validator | None
    equals: str | None
    """The path of the field that must have the value named in the text."""

    def broken_by(self, profile: Profile) -> bool:
        """Whether the text contradicts; a field left out contradicts nothing, null does."""
        text = get(profile, self.text)
        found = self.found_in(text)
        if self.consequence is not None:
            with within(self.place):
                return bool(found) and not self.consequence.is_valid(profile)
        value = get(profile, self.equals or "")
        return value is not MISSING and any(not says(match["value"], value) for match in found)

    def found_in(self, text: Any) -> list[Any]:
        """The places of a text that the rule is about, in its order."""
        with within(self.place):
            return self.pattern.findall(text) if isinstance(text, str) else []

    @property
    def place(self) -> str:
        return f"{NAME}, {self.id}: "


class _Entry(Params):
    id: str = Key(min_length=1)
    description: str = ""
    text: str
    pattern: str
    then: dict[str, Any] | None = None
    equals: str | None = None


class _Entries(Params):
    rules: list[_Entry] = Key(alias=NAME)


def says(words: str | None, value: Any) -> bool:
    """Whether words of a text name a value; commas part thousands.

    >>> says("45,000", 45000), says("White", "white"), says("34", 35), says("34", None)
    (True, True, False, False)
    """
    if words is None:  # the group took no part in the match
        return True
    if isinstance(value, str):
        return words.casefold() == value.casefold()
    try:
        return not isinstance(value, bool) and value is not None and float(words.replace(",", "")) == value
    except ValueError:
        return False


def read_text_rules(node: Mapping[str, Any], fields: Sequence[Field], where: str) -> tuple[TextRule, ...]:
    """The text rules of a schema; `fields` are those that a profile shows.

    Raises:
        UserError: names every rule with an unknown key or path, a bad pattern or schema.
    """
    entries = parse(_Entries, {NAME: node.get(NAME, [])}, f"{where}: {NAME}").rules
    ids = [entry.id for entry in entries]
    found = [f"{twice}: two rules have this id" for twice in sorted({i for i in ids if ids.count(i) > 1})]
    found += [f"{entry.id}: {line}" for entry in entries for line in _wrong(entry, fields)]
    if found:
        help_ = "A rule has an id, a text, a pattern, and a then or an equals: see docs/your-own-data.md"
        raise mistakes(f"{where}: {NAME} do not fit the schema", found, help_)
    return tuple(_rule(entry) for entry in entries)


def _rule(entry: _Entry) -> TextRule:
    consequence = None if entry.then is None else Validator(entry.then)
    return TextRule(entry.id, entry.text, _compiled(entry.pattern), consequence, entry.equals)


def _compiled(pattern: str) -> Pattern:
    return compiled(pattern, r"(?<!\w)(?:{})(?!\w)", re.IGNORECASE)


def _wrong(entry: _Entry, fields: Sequence[Field]) -> Iterator[str]:
    roles = {field.path: field.role for field in fields}
    if roles.get(entry.text) != "text":
        yield f"text {entry.text!r}: the schema has no field of x-role text there"
    if (entry.then is None) == (entry.equals is None):
        yield "needs a then or an equals, and not both"
    if entry.equals is not None and entry.equals not in roles:
        yield f"equals {entry.equals!r}: the schema has no such field"
    yield from _wrong_pattern(entry)
    yield from _wrong_then(entry.then or {}, roles)


def _wrong_pattern(entry: _Entry) -> Iterator[str]:
    try:
        groups = set(_compiled(entry.pattern).expression.groupindex)
    except re.error as error:
        yield f"pattern {entry.pattern!r}: not a regular expression: {error}"
        return
    if groups != ({"value"} if entry.equals is not None else set()):
        yield f"pattern {entry.pattern!r}: with equals it has one named group (?P<value>…), with then none"
    if re.search(entry.pattern, ""):
        yield f"pattern {entry.pattern!r}: matches where nothing stands"


def _wrong_then(then: dict[str, Any], roles: Mapping[str, str]) -> Iterator[str]:
    try:
        Draft202012Validator.check_schema(then)
    except SchemaError as error:
        yield f"then: not a JSON Schema 2020-12: {error.message}"
        return
    for path in _paths(then):
        if not any(f"{known}.".startswith(f"{path}.") for known in roles):
            yield f"then: {path}: the schema has no such field"


def _paths(then: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, child in then.get("properties", {}).items():
        yield f"{prefix}{key}"
        if isinstance(child, dict):
            yield from _paths(child, f"{prefix}{key}.")
