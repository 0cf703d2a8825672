"""What is wrong with a completion, in the words of people instead of those of Python and JSON Schema."""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from jsonschema import ValidationError

from stages.common.evaluated import EvaluatedProfile
from stages.common.fields import canonical
from stages.common.patterns import Validator
from stages.common.phrases import many
from stages.common.schema import MAX_VIOLATIONS, ProfileSchema
from stages.common.shown import brief

MAX_SHOWN = 60
"""Characters of a value in a reason; the raw text is whole."""
MAX_LISTED = 12
TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "null": "null",
    "object": "an object",
    "array": "a list",
}
JSON_ERRORS = {
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Unterminated string": "a text has no closing quote",
    "Invalid control character": "a text has a line break or another control character",
    "Invalid \\": "a text has a backslash that means nothing",
    "Illegal trailing comma": "there is a comma too many",
    "Extra data": "there is more text after the value",
    "duplicate key": "a field is given twice",
}
"""Beginnings of the messages of Python's json module."""
_NOT_JSON = re.compile(
    r"not JSON: (?P<what>.*?)(?:: line (?P<line>\d+) column (?P<column>\d+) \(char \d+\))?$"
)
_REPAIRED = "repaired: "


def reasons_of(read: EvaluatedProfile, schema: ProfileSchema) -> list[str]:
    """What was repaired, what does not fit the schema and which rules are broken: a sentence each."""
    profile = read.profile
    errors = [] if profile is None else list(Validator(schema.node).iter_errors(profile))
    rules = [*schema.node.get("x-rules", []), *schema.node.get("x-text-rules", [])]
    described = {rule["id"]: str(rule["description"]) for rule in rules if "description" in rule}
    broken = [f"breaks the rule {rule}" for rule in read.broken_rules]
    broken += [f"the text contradicts a field (rule {rule})" for rule in read.broken_text_rules]
    ids = [*read.broken_rules, *read.broken_text_rules]
    return [
        *_notes(read.notes),
        *_misfits(errors),
        *(
            f"{said}: {described[rule]}" if rule in described else said
            for said, rule in zip(broken, ids, strict=True)
        ),
    ]


def _notes(notes: list[str]) -> Iterator[str]:
    """Notes of the parser; all small repairs in one."""
    n_repairs = sum(note.startswith(_REPAIRED) for note in notes)
    for note in notes:
        if match := _NOT_JSON.fullmatch(note):
            at = f" (line {match['line']}, column {match['column']})" if match["line"] else ""
            yield f"the JSON is broken: {_json_error(match['what'])}{at}"
        elif not note.startswith(_REPAIRED):
            yield note
    if n_repairs:
        yield "quotes, commas or brackets of the JSON were corrected"


def _json_error(what: str) -> str:
    return next((words for start, words in JSON_ERRORS.items() if what.startswith(start)), what)


def _misfits(errors: list[ValidationError]) -> Iterator[str]:
    """What does not fit the schema: missing fields together, the others by field."""
    missing = [error for error in errors if error.validator == "required"]
    if missing:
        names = list(dict.fromkeys(map(_missing, missing)))
        yield f"{_joined(names, 'and')} {'is' if len(names) == 1 else 'are'} missing"
    others = sorted(
        (error for error in errors if error.validator != "required"),
        key=lambda error: [str(part) for part in error.absolute_path],
    )
    yield from map(misfit, others[:MAX_VIOLATIONS])
    if (more := len(others) - MAX_VIOLATIONS) > 0:
        yield f"{more:,} more things do not fit the schema"


def _missing(error: ValidationError) -> str:
    name = re.match(r"'(.*)' is a required property", error.message, re.DOTALL)
    return ".".join([*map(str, error.absolute_path), brief(name[1]) if name else "a field"])


def misfit(error: ValidationError) -> str:
    """One sentence about a value that does not fit the schema.

    >>> [misfit(e) for e in Validator({"properties": {"age": {"maximum": 120}}}).iter_errors({"age": 150})]
    ['age is 150; the schema allows at most 120']
    >>> [misfit(e) for e in Validator({"properties": {"age": {"type": "integer"}}}).iter_errors({"age": "x"})]
    ['age is "x"; the schema wants a whole number']
    """
    field = ".".join(map(str, error.absolute_path)) or "the profile"
    if error.validator == "additionalProperties":
        known = _node(error).get("properties", {})
        patterns = [Validator({"pattern": one}) for one in _node(error).get("patternProperties", ())]
        extra = [
            brief(str(key))
            for key in cast(dict[str, Any], error.instance)
            if key not in known and not any(one.is_valid(key) for one in patterns)
        ]
        where = f" in {field}" if error.absolute_path else ""
        return f"the schema has no {'field' if len(extra) == 1 else 'fields'} {_joined(extra, 'and')}{where}"
    if "propertyNames" in error.absolute_schema_path:
        field = f"the name of a field in {field}"
    return f"{brief(field)} is {brief(canonical(error.instance), MAX_SHOWN)}; the schema {_wanted(error)}"


def _wanted(error: ValidationError) -> str:
    """What the schema asks for at this place."""
    node = _node(error)
    if error.validator in ("minimum", "maximum") and {"minimum", "maximum"} <= {*node}:
        return f"allows {canonical(node['minimum'])} to {canonical(node['maximum'])}"
    if error.validator == "items" and not error.validator_value:
        return f"allows at most {many(len(node.get('prefixItems', ())), 'entry', 'entries')}"
    say = WORDS.get(str(error.validator))
    return say(error.validator_value) if say else "allows nothing of this kind"


def _node(error: ValidationError) -> dict[str, Any]:
    """The part of the schema that the value breaks."""
    return error.schema if isinstance(error.schema, dict) else {}


def _joined(words: list[str], word: str) -> str:
    """A list in words, the first MAX_LISTED of a long one.

    >>> _joined(["a", "b", "c"], "or")
    'a, b or c'
    """
    if len(words) > MAX_LISTED:
        words = [*words[:MAX_LISTED], f"{len(words) - MAX_LISTED} more"]
        word = "and"
    return f" {word} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _one_of(values: list[Any]) -> str:
    return f"allows {_joined([canonical(value) for value in values], 'or')}"


def _type(names: str | list[str]) -> str:
    wanted = [names] if isinstance(names, str) else names
    return f"wants {_joined([TYPES.get(name, name) for name in wanted], 'or')}"


WORDS: dict[str, Callable[[Any], str]] = {
    "enum": _one_of,
    "const": lambda value: f"allows only {canonical(value)}",
    "type": _type,
    "minimum": lambda least: f"allows at least {least}",
    "maximum": lambda most: f"allows at most {most}",
    "exclusiveMinimum": lambda below: f"wants more than {below}",
    "exclusiveMaximum": lambda above: f"wants less than {above}",
    "multipleOf": lambda step: f"wants a multiple of {step}",
    "minLength": lambda least: f"wants at least {many(least, 'character')}",
    "maxLength": lambda most: f"allows at most {many(most, 'character')}",
    "pattern": lambda pattern: f"wants a text of the form {pattern}",
    "format": lambda name: f"wants a text of the form {name}",
    "minItems": lambda least: f"wants at least {many(least, 'entry', 'entries')}",
    "maxItems": lambda most: f"allows at most {many(most, 'entry', 'entries')}",
    "uniqueItems": lambda _: "wants each entry once",
    "minProperties": lambda least: f"wants at least {many(least, 'field')}",
    "maxProperties": lambda most: f"allows at most {many(most, 'field')}",
    "contains": lambda _: "wants a certain entry that is not there",
    "dependentRequired": lambda _: "wants a further field beside it",
    "anyOf": lambda _: "wants one of several forms, and it has none of them",
    "oneOf": lambda _: "wants exactly one of several forms",
    "allOf": lambda _: "wants several things at once",
    "not": lambda _: "excludes it",
    "minContains": lambda least: f"wants at least {many(least, 'entry', 'entries')} of one kind",
    "maxContains": lambda most: f"allows at most {many(most, 'entry', 'entries')} of one kind",
    "unevaluatedItems": lambda _: "does not allow some of the entries",
    "unevaluatedProperties": lambda _: "does not allow some of the fields",
}
"""What the schema asks for, by keyword (JSON Schema 2020-12, validation)."""
