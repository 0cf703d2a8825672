"""Raw files: a JSON array, JSONL, or an object that holds one array; other layouts are opened or refused."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.common.files import parse_json, read_text
from stages.common.strict_json import MAX_DEPTH
from stages.prepare.layouts import EXPECTED, Layout, UnknownLayoutError, opened
from stages.prepare.wording import json_in_words
from stages.shell.errors import UserError, mistakes

_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*+"|//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*', re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class RawRecord:
    """One entry of a raw file, not yet looked at."""

    position: int
    """Position in the file, from 1."""
    value: Any


@dataclass(frozen=True)
class _Odd:
    """A value that is no JSON: how it is written."""

    text: str


def read_raw(path: Path) -> list[RawRecord]:
    """All entries of a raw file.

    Raises:
        UserError: empty, not UTF-8, not JSON (line and column), nested too deeply, or no list of records.
    """
    return [RawRecord(i, value) for i, value in enumerate(read_layout(path).values, start=1)]


def read_layout(path: Path) -> Layout:
    """All entries, and how they stand in the file; raises as `read_raw` does."""
    text = _without_comments(read_text(path))
    if not text.strip():
        raise UserError(f"{path}: the file is empty; it must hold a JSON array of profiles")
    found = _opened(_values(text, path), path)
    if not found.values:
        raise UserError(f"{path}: holds no records")
    _refuse_depth(found.values, path)
    _refuse_half_characters(found.values, path)
    return found


def _values(text: str, path: Path) -> Any:
    if _is_jsonl(text):
        return _lines(text, path)
    places = _objects(text)
    if len(places) < 2:
        return _json(text, path)
    return [_json(text[start:end], path, 1 + text.count("\n", 0, start)) for start, end in places]


def _objects(text: str) -> list[tuple[int, int]]:
    """Begin and end of each object if the text is nothing but objects; else []."""
    places, end = [], 0
    while start := re.compile(r"\s*(?=\{)").match(text, end):
        try:
            _, end = json.JSONDecoder().raw_decode(text, start.end())
        except (ValueError, RecursionError):
            return []
        places.append((start.end(), end))
    return [] if text[end:].strip() else places


def _opened(value: Any, path: Path) -> Layout:
    if not isinstance(value, list | dict):
        raise UserError(f"{path}: the top level is {kind_of(value)}\n{EXPECTED}")
    try:
        return opened(value)
    except (UnknownLayoutError, UserError) as error:
        raise UserError(f"{path}: {error}") from None


def _without_comments(text: str) -> str:
    """The text with comments blanked, so that lines and columns stay; JSON has none."""
    if not re.search(r"//|/\*|^[ \t]*#", text, re.MULTILINE):
        return text
    return _COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else re.sub(r"[^\n]", " ", m[0]), text)


def _json(text: str, path: Path, line: int = 1) -> Any:
    try:
        return parse_json(text, path, line)
    except UserError as error:
        if odd := [*_odd_values(text, line)]:
            raise mistakes(
                f"{path}: {len(odd)} value{'s are' if len(odd) > 1 else ' is'} not JSON",
                odd,
                "Fix them in the file",
            ) from None
        said = json_in_words(str(error))
        if re.match(r"\s*[\[{]", text):
            more = (
                "\nWritten by Python's print? Write it with json.dump" if re.match(r"[\s\[{]*'", text) else ""
            )
            raise UserError(f"{said}{more}") from None
        raise UserError(
            f"{said}\nA table (CSV)? Export it as JSON: a list of one object for each row"
        ) from None


def _odd_values(text: str, line: int) -> Iterator[str]:
    """Where NaN, a number too large or a key twice stands: `record 3, home.rent: NaN`."""
    try:
        value = json.loads(text, parse_constant=_constant, parse_float=_float, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        return
    for place, odd in _walk(value):
        if isinstance(odd, _Odd):
            records = [f"record {one + 1}" for one in place[:1] if isinstance(one, int)]
            keys = ".".join(map(str, place[len(records) :]))
            where = [*([f"line {line}"] if line > 1 else []), *records, *([keys] if keys else [])]
            yield f"{', '.join(where) or 'all'}: {odd.text}"


def _constant(name: str) -> _Odd:
    return _Odd(f"{name} is not JSON; write null")


def _float(text: str) -> float | _Odd:
    return float(text) if math.isfinite(float(text)) else _Odd(f"{text} is too large a number")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    counts = Counter(key for key, _ in pairs)
    return dict(pairs) | {key: _Odd("the object has this key twice") for key, n in counts.items() if n > 1}


def _walk(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Everything in a value with its place, in the order of the file, however deep it nests."""
    inside: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while inside:
        place, found = inside.pop()
        yield place, found
        if isinstance(found, dict | list):
            pairs = [*(found.items() if isinstance(found, dict) else enumerate(found))]
            inside += [((*place, key), inner) for key, inner in reversed(pairs)]


def _refuse_depth(values: list[Any], path: Path) -> None:
    deep = [
        f"record {i}, {place}: more than {MAX_DEPTH} levels"
        for i, value in enumerate(values, 1)
        if (place := _too_deep(value))
    ]
    if deep:
        raise mistakes(
            f"{path}: {len(deep)} of {len(values)} records nest too deeply",
            deep,
            f"Nest at most {MAX_DEPTH} objects and lists; use one list, or one key per fact",
        )


def _too_deep(value: Any) -> str:
    """The key that holds more than MAX_DEPTH levels, "" if none does."""
    places = (place for place, inner in _walk(value) if isinstance(inner, dict | list))
    return next((str(place[0]) or "(top)" for place in places if len(place) >= MAX_DEPTH), "")


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
    return [_json(line, path, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def kind_of(value: Any) -> str:
    """A JSON value in the words of JSON.

    >>> kind_of("x"), kind_of(1.5), kind_of(True), kind_of(None), kind_of([])
    ('a text', 'a number', 'true or false', 'null', 'a list')
    """
    kinds = {str: "a text", bool: "true or false", list: "a list", dict: "an object", type(None): "null"}
    return kinds.get(type(value), "a number")
