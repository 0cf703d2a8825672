"""Raw files: a JSON array, JSONL, or an object that holds one array."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.common.errors import UserError
from stages.common.files import parse_json, read_text


@dataclass(frozen=True)
class RawRecord:
    """One entry of a raw file, not yet looked at."""

    position: int
    """In the file, from 1."""
    value: Any


def read_raw(path: Path) -> list[RawRecord]:
    """All entries of a raw file.

    Raises:
        UserError: empty, not UTF-8, not JSON (line and column), or no list of records.
    """
    text = read_text(path)
    if not text.strip():
        raise UserError(f"{path}: the file is empty; it must hold a JSON array of profiles")
    values = _lines(text, path) if _is_jsonl(text) else _array(_json(text, path), path)
    if not values:
        raise UserError(f"{path}: holds no records")
    _refuse_half_characters(values, path)
    return [RawRecord(i, value) for i, value in enumerate(values, start=1)]


def _json(text: str, path: Path) -> Any:
    try:
        return parse_json(text, path)
    except UserError as error:
        if text.lstrip().startswith(("[", "{")):
            raise
        raise UserError(
            f"{error}\nA table (CSV)? Export it as JSON: a list of one object for each row"
        ) from None


def _refuse_half_characters(values: list[Any], path: Path) -> None:
    for position, value in enumerate(values, start=1):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise UserError(
                f"{path}: record {position}: holds half a character (\\ud800 to \\udfff alone)"
            ) from None


def _is_jsonl(text: str) -> bool:
    """Whether a first line is a whole object and something follows it."""
    first, _, rest = text.strip().partition("\n")
    try:
        return isinstance(json.loads(first), dict) and bool(rest.strip())
    except (ValueError, RecursionError):
        return False


def _lines(text: str, path: Path) -> list[Any]:
    return [parse_json(line, path, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _array(value: Any, path: Path) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        arrays = [key for key, inner in value.items() if isinstance(inner, list)]
        if len(arrays) == 1:
            return list(value[arrays[0]])
        found = f"an object with {len(arrays)} arrays ({', '.join(arrays) or 'keys: ' + ', '.join(value)})"
    else:
        found = kind_of(value)
    raise UserError(
        f"{path}: the top level is {found}\n"
        "It must be an array of profiles, one profile a line (JSONL), or an object that holds one array"
    )


def kind_of(value: Any) -> str:
    """A JSON value in the words of JSON.

    >>> kind_of("x"), kind_of(1.5), kind_of(True), kind_of(None), kind_of([])
    ('a text', 'a number', 'true or false', 'null', 'a list')
    """
    kinds = {str: "a text", bool: "true or false", list: "a list", dict: "an object", type(None): "null"}
    return kinds.get(type(value), "a number")
