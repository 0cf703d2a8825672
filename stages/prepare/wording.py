"""What a value breaks of its schema, in the words of JSON."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from stages.common.fields import canonical

_OF_JSON = {
    "Expecting value": "a value is missing, or is not written as JSON",
    "Expecting property name enclosed in double quotes": "a key in double quotes should stand here",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after a key",
    "Extra data": "something follows where the JSON has ended",
    "Unterminated string starting at": "this text has no closing quote",
    "Invalid control character at": "a text holds a line break or a tab; write \\n or \\t",
    "Invalid \\escape": "a backslash stands alone; write two",
    "Illegal trailing comma before end of object": "a comma stands before }",
    "Illegal trailing comma before end of array": "a comma stands before ]",
}


def json_in_words(message: str) -> str:
    """What is wrong with the JSON of a file, instead of what its parser calls it.

    >>> json_in_words("a.json:1:9: not JSON: Extra data")
    'a.json:1:9: not JSON: something follows where the JSON has ended'
    """
    place, _, what = message.partition(": not JSON: ")
    return f"{place}: not JSON: {_OF_JSON.get(what, what)}" if what else message


def violations(node: Mapping[str, Any], value: Any, top: str = "profile") -> list[str]:
    """What of a value does not fit a schema, one line each, with its place."""
    errors = [*Draft202012Validator(node).iter_errors(value)]
    errors.sort(key=lambda e: [str(step) for step in e.absolute_path])
    return [f"{'.'.join(map(str, e.absolute_path)) or top}: {in_words(e)}" for e in errors]


def in_words(error: ValidationError) -> str:
    """The validator's sentence, with null and true where it says None and True.

    >>> from jsonschema import Draft202012Validator as Validator
    >>> [in_words(e) for e in Validator({"type": "integer"}).iter_errors(None)]
    ["null is not of type 'integer'"]
    >>> [in_words(e) for e in Validator({"enum": ["a", True, None]}).iter_errors(False)]
    ['false is not one of "a", true, null']
    """
    message, value = error.message, error.instance
    if error.validator == "enum":
        levels: Any = error.validator_value
        return f"{_shown(value)} is not one of {', '.join(map(canonical, levels))}"
    written = repr(value)
    return f"{_shown(value)}{message[len(written) :]}" if message.startswith(written) else message


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else canonical(value)
