"""Remarks on the values of fields: lists, mixed types, nulls, numbers in text."""

import re
from collections.abc import Collection, Iterator

from stages.common.fields import canonical
from stages.common.params import PARAMS
from stages.common.records import CONDITIONS, Condition
from thesis.init.draft import Draft
from thesis.init.fields.numerals import NO_RULES

NOTHING = {
    *("", ".", "-", "--", "?", "n/a", "na", "n.a.", "nan", "nil", "none", "null", "missing", "not available"),
    *("not applicable", "no answer", "don't know", "dk", "refused", "unknown", "#n/a", "(none)", "undefined"),
    *("k.a.", "k. a.", "keine angabe", "weiß nicht", "entfällt", "unbekannt", "无", "不详", "未知", "なし"),
}
"""What tables contain where a value is unknown, in lower case."""


def remarks(draft: Draft) -> list[str]:
    """One or two sentences for each kind that was found."""
    return [*_roles(draft), *_values(draft)]


def _roles(draft: Draft) -> Iterator[str]:
    places = dict(draft.seen.leaves())
    lists = {p: draft.guesses[p].role for p, place in places.items() if place.items and place.items.n}
    if compared := [p for p, role in lists.items() if role != "text"]:
        yield f"Lists are compared as a whole; each different list is one level: {', '.join(compared)}."
    if hardly := [p for p, role in lists.items() if role == "text"]:
        yield f"Lists that rarely repeat are written but not compared (role text): {', '.join(hardly)}."
    many = [p for p, g in draft.guesses.items() if "too many" in g.why]
    if many:
        yield f"More than 20 values, so prompts do not list them as levels: {', '.join(many)}."
    mixed = {p: g.why.partition(": ")[2] for p, g in draft.guesses.items() if "mixture" in g.why}
    if mixed:
        listed = "; ".join(f"{p}: {kinds}, such as {_example(draft, p)}" for p, kinds in mixed.items())
        yield (
            f"Fields of several types ({listed}): fix the data, or add the texts that mean null to "
            "prepare.nulls.spellings."
        )
    if empty := [p for p, place in places.items() if not place.types and p not in lists]:
        yield f"Null or empty in every record, so there is nothing to learn: {', '.join(empty)}."
    if lone := [field.path for field in draft.schema.fields if len(field.levels) == 1]:
        yield f"The same value in every record, so there is nothing to compare: {', '.join(lone)}."


def _values(draft: Draft) -> Iterator[str]:
    rules = draft.prepare.numbers
    if rules != NO_RULES:
        separator = repr(rules.thousands_separator) if rules.thousands_separator else "null"
        yield (
            f"{PARAMS}: numbers in text are read with thousands_separator {separator} and "
            f"units {rules.units}."
        )
    ambiguous = [p for p, place in draft.seen.leaves() if _could_be_thousands(place.texts(), rules.units)]
    if ambiguous and rules.thousands_separator != ".":
        yield (
            f"{', '.join(ambiguous)}: texts like '1.234' are read as decimals, a little over 1. If they are "
            "thousands, set prepare.numbers.thousands_separator to '.'."
        )
    nulls = {p: place.n_nulls for p, place in draft.seen.leaves() if place.n_nulls and place.types}
    if nulls:
        listed = ", ".join(f"{path} {n} times" for path, n in nulls.items())
        yield f"Null: {listed}. prepare.nulls.spellings says which texts mean null."
    if words := _said_for_null(draft):
        yield (
            f"Texts that may mean 'unknown', but count as answers: {words}. If they mean it, add them to "
            f"prepare.nulls.spellings in {PARAMS}."
        )
    n = draft.seen.n_objects
    some = [p for p, place in draft.seen.leaves() if "." not in p and place.n < n]
    if some:
        yield f"Not in every record, so not required: {', '.join(some)}."
    only = {c: [p for p, place in draft.seen.leaves() if not place.n_by_file[_other(c)]] for c in CONDITIONS}
    for condition, paths in only.items():
        if paths:
            listed = ", ".join(paths)
            yield f"Only in {condition}: {listed}. The arms will differ in these fields for a trivial reason."


def _said_for_null(draft: Draft) -> str:
    """Texts that look like null, but that params.yaml does not list as null."""
    known = draft.prepare.nulls.spellings
    found = {
        path: [text for text in place.texts() if text.strip().casefold() in NOTHING and text not in known]
        for path, place in draft.seen.leaves()
    }
    return "; ".join(f"{path} ({', '.join(map(canonical, some))})" for path, some in found.items() if some)


def _other(condition: Condition) -> Condition:
    return "augmented" if condition == "original" else "original"


def _example(draft: Draft, path: str) -> str:
    place = dict(draft.seen.leaves())[path]
    rarest = min(place.types, key=lambda kind: sum(n for (k, _), n in place.all_scalars.items() if k == kind))
    return next(canonical(value) for kind, value in place.all_scalars if kind == rarest)


def _could_be_thousands(texts: Collection[str], units: Collection[str]) -> bool:
    """Whether all are whole numbers if a point separates thousands, and some have one.

    >>> [_could_be_thousands(texts, ["€"]) for texts in (["950 €", "1.200 €"], ["950", "1.200"], ["0.125"])]
    [True, True, False]
    """
    number = rf"[+-]?(?:0|[1-9]\d{{0,2}}(?:\.\d{{3}})?)\s*(?:{'|'.join(map(re.escape, units))})?"
    return any("." in text for text in texts) and all(re.fullmatch(number, text) for text in texts)
