"""Whole numbers that measure nothing: codes of answers, and digits that name something."""

import re

from thesis.init.looking import Seen
from thesis.init.naming import named_protected, words

CODES = {
    *("code", "coded", "class", "type", "category", "group", "kind", "status", "level", "likert", "scale"),
    *("answer", "response", "klasse", "typ", "kategorie", "gruppe", "stufe", "antwort"),
}
"""Words in the name of a field whose few whole numbers are codes, however they go on."""
MEASURES = {
    *("age", "year", "years", "count", "number", "num", "n", "size", "hour", "hours", "day", "days", "week"),
    *("weeks", "month", "months", "minutes", "amount", "income", "km", "children", "kids", "siblings"),
    *("persons", "people", "rooms", "cars", "pets", "alter", "jahre", "anzahl", "zahl", "stunden", "tage"),
    *("weight", "height", "score", "points", "salary", "pay", "price", "gewicht", "gehalt", "punkte"),
    *("kinder", "geschwister", "zimmer", "monate", "wochen", "enfants", "ans", "heures", "hijos", "horas"),
}
"""Words in the name of a field that counts or measures."""
NAMING = {
    *("phone", "telephone", "tel", "telefon", "telefonnummer", "mobile", "mobil", "handy", "cell", "fax"),
    *("zip", "zipcode", "postcode", "postalcode", "postal", "plz", "postleitzahl", "ssn", "iban", "account"),
    *("konto", "kontonummer", "passport", "barcode", "isbn", "id", "ids", "uid", "telefono", "telephone"),
}
"""Words in the name of a field whose digits name something: nobody adds them up."""
MOST_CODES = 7
"""Of a field whose name says nothing: 1 to 7 is the longest of the usual scales of answers."""
LEAST_DIGITS = 9
"""As many in every value are a name (a phone, say), not a number."""
NO_ANSWER = {-9, -8, -7, -2, -1, 8, 9, 88, 97, 98, 99, 998, 999}


def levels_of_codes(path: str, seen: Seen, most: int) -> list[int]:
    """The levels, if the field holds few whole numbers that stand for answers: 0 and 1, 1 to 5; else [].

    Args:
        most: levels that are listed, of a field whose name says that its numbers are codes.
    """
    found = _whole_numbers(seen)
    often = all(of.total() >= 2 * len({str(value) for _, value in of}) for of in seen.scalars.values())
    if found is None or not 2 <= len(found) <= most or not often:
        return []
    if named_protected(path) or {*words(path)} & (CODES | NAMING) or names_group(path):
        return sorted(found)
    return sorted(found) if _is_scale(found) and not {*words(path)} & MEASURES else []


def are_group_ids(path: str, seen: Seen) -> bool:
    """Whether a field is called as the id of a household, school …, and holds whole numbers alone."""
    return names_group(path) and bool(seen.types) and _whole_numbers(seen) is not None


def names_group(path: str) -> bool:
    """Whether a field is called as a group, or as the number of one; words before that may say which.

    >>> [*map(names_group, ("hhid", "current_school_id", "hospital.code", "family"))]
    [True, True, True, True]
    >>> [*map(names_group, ("household_size", "days_hospital", "age_group", "zip"))]
    [False, False, False, False]
    """
    *outer, own = path.replace("[]", "").split(".")
    ends = vocabulary("record") | vocabulary("end")
    called = words(own) if not {*words(own)} <= ends else [*words(" ".join(outer[-1:])), *words(own)]
    bare = [*called]
    while bare and bare[-1] in ends:
        bare.pop()
    groups = vocabulary("group") - vocabulary("kind")
    if not bare or named_protected(path):
        return False
    return bare[-1] in groups if len(bare) < len(called) else {*bare} <= groups


def are_names(path: str, seen: Seen) -> bool:
    """Whether digits name something: groups, phone and postal codes, long numbers of equally many digits."""
    if are_group_ids(path, seen):
        return True
    found = [str(value) for kind, value in seen.all_scalars if kind in ("integer", "string")]
    if not found or not seen.types <= {"integer", "string"} or not all(map(_is_digits, found)):
        return False
    if {*words(path)} & NAMING:
        return True
    sizes = {len(one) for one in found}
    long = min(sizes) >= LEAST_DIGITS and (len(sizes) == 1 or any(one[0] == "+" for one in found))
    return long and len(found) > 1


def _is_digits(text: str) -> bool:
    return re.fullmatch(r"\+?\d[\d ]*", text) is not None


def _whole_numbers(seen: Seen) -> set[int] | None:
    """None if something else is among them; texts of bare digits are numbers too."""
    found = set()
    for kind, value in seen.all_scalars:
        bare = kind == "string" and re.fullmatch(r"-?(0|[1-9]\d{0,8})", value)
        if not (bare or kind == "integer" or (kind == "number" and value.is_integer())):
            return None
        found.add(int(value))
    return found


def _is_scale(found: set[int]) -> bool:
    """Whether they go on without a gap from 0 or 1, but for one that means no answer."""
    for without in (set(), *({one} for one in found & NO_ANSWER)):
        rest = found - without
        if rest and min(rest) in (0, 1) and max(rest) - min(rest) + 1 == len(rest) <= MOST_CODES:
            return len(rest) > 1
    return False
