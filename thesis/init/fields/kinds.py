"""What kind of values a place holds, and its part of the schema."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from stages.common.records import Condition
from stages.prepare.cleaning import read_number
from stages.prepare.params import NumberParams
from thesis.init.fields.codes import are_names, levels_of_codes
from thesis.init.fields.dates import date_pattern
from thesis.init.fields.numerals import are_numbers
from thesis.init.records.seen import Seen

MAX_LEVELS = 20
"""Levels up to which prompts list them."""
LONG = 60
"""Characters of the longest level."""
Node = dict[str, Any]
Kind: TypeAlias = Literal["booleans", "dates", "codes", "names", "numbers", "levels", "others"]


def node_of(seen: Seen, rules: NumberParams, *, nulls_dropped: bool, path: str = "") -> Node:
    """The JSON Schema of a place, without roles; whole numbers in a list are not taken for codes."""
    if seen.n_objects:
        return _object(seen, rules, path, nulls_dropped=nulls_dropped)
    if seen.n_lists:
        found: Node = {"type": _or_null("array", seen)}
        if seen.items and seen.items.n:
            found["items"] = node_of(seen.items, rules, nulls_dropped=nulls_dropped, path=f"{path}[]")
        return found
    return _plain(seen, rules, path)


def kind_of_place(path: str, seen: Seen, rules: NumberParams) -> Kind:
    """The kind of a place's plain values."""
    types = seen.types
    if types == {"boolean"}:
        return "booleans"
    if types <= {"integer", "string"} and date_pattern([str(value) for _, value in seen.all_scalars]):
        return "dates"
    if "[]" not in path and levels_of_codes(path, seen, MAX_LEVELS):
        return "codes"
    if has_levels(seen) and are_names(path, seen):
        return "levels"
    if are_names(path, seen):
        return "names"
    if types and types <= {"integer", "number", "string"} and are_numbers(seen.texts(), rules):
        return "numbers"
    return "levels" if has_levels(seen) else "others"


def repeats(counters: Mapping[Condition, Counter[Any]], times: float = 2) -> bool:
    """Whether each value occurs `times` times on average, in each file."""
    return all(counter.total() >= times * len(counter) for counter in counters.values())


def has_levels(seen: Seen) -> bool:
    """Whether it is text with few distinct values, which are short and repeat."""
    found = seen.all_scalars
    short = all(kind == "string" and len(value) <= LONG and "\n" not in value for kind, value in found)
    return 0 < len(found) <= MAX_LEVELS and short and repeats(seen.scalars)


def is_free_text(seen: Seen) -> bool:
    """Whether it is text of many words, or hardly any value occurs twice."""
    texts = seen.texts()
    words = sum(len(text.split()) * n for text, n in texts.items()) / max(1, texts.total())
    return words > 4 or any(len(text) > LONG for text in texts) or not repeats(seen.scalars, 1 / 0.9)


def _object(seen: Seen, rules: NumberParams, path: str, *, nulls_dropped: bool) -> Node:
    required = [
        key
        for key, part in seen.parts.items()
        if part.n == seen.n_objects and not (nulls_dropped and part.n_nulls)
    ]
    parts = {
        key: node_of(part, rules, nulls_dropped=nulls_dropped, path=f"{path}.{key}".lstrip("."))
        for key, part in seen.parts.items()
    }
    return {
        "type": _or_null("object", seen),
        "additionalProperties": False,
        "required": required,
        "properties": parts,
    }


def _plain(seen: Seen, rules: NumberParams, path: str) -> Node:
    types = seen.types
    if not types:
        return {"type": "null"}
    kind = kind_of_place(path, seen, rules)
    if kind == "numbers":
        return {"type": _or_null(_number_type(seen, rules), seen)}
    if kind in ("levels", "codes"):
        levels = [value for (_, value), _ in seen.all_scalars.most_common()]
        if kind == "codes":
            levels = levels_of_codes(path, seen, MAX_LEVELS)
        type_ = "integer" if kind == "codes" else "string"
        return {"type": _or_null(type_, seen), "enum": [*levels, *([None] if seen.n_nulls else [])]}
    if kind == "dates" and types == {"string"}:
        return {"type": _or_null("string", seen), "pattern": date_pattern(seen.texts())}
    if types == {"integer", "number"}:
        types = {"number"}
    return {"type": _or_null(types.pop(), seen) if len(types) == 1 else [*sorted(types), *_null(seen)]}


def _number_type(seen: Seen, rules: NumberParams) -> str:
    numbers = (read_number(v, rules) if kind == "string" else v for kind, v in seen.all_scalars)
    return "integer" if all(isinstance(n, int) or float(n).is_integer() for n in numbers) else "number"


def _null(seen: Seen) -> list[str]:
    return ["null"] if seen.n_nulls else []


def _or_null(kind: str, seen: Seen) -> str | list[str]:
    return [kind, "null"] if seen.n_nulls else kind
