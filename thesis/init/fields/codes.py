"""Whole numbers that measure nothing: codes of answers, and digits that name something."""

import re
from collections.abc import Collection
from typing import Any

from thesis.init.fields.naming import named_protected, vocabulary, words
from thesis.init.records.seen import Seen

MOST_CODES = 7
"""Levels of a field whose name says nothing; the longest common scale of answers is 1 to 7."""
LEAST_DIGITS = 9
"""Digits from which a value names something (such as a phone) and is not a number."""
NO_ANSWER = {-9, -8, -7, -2, -1, 8, 9, 88, 97, 98, 99, 998, 999}


def levels_of_codes(path: str, seen: Seen, most: int) -> list[int]:
    """The levels, if the field holds few whole numbers that code answers, such as 1 to 5; otherwise [].

    Args:
        most: the most levels of a field whose name says that its numbers are codes.
    """
    found = _whole_numbers(seen)
    often = all(of.total() >= 2 * len({str(value) for _, value in of}) for of in seen.scalars.values())
    if found is None or not 2 <= len(found) <= most or not often:
        return []
    counts = {*words(path)[-1:]} & (vocabulary("measure") - vocabulary("end"))
    coded = {*words(path)} & vocabulary("code", "digits") and not counts  # class_type, not class_size
    if named_protected(path) or coded or names_group(path):
        return sorted(found)
    measures = {*words(path)} & vocabulary("measure", "score")
    return sorted(found) if _is_scale(found) and not measures else []


def names_group(path: str) -> bool:
    """Whether a field is named like a group (household, school), or like the number of one.

    >>> [*map(names_group, ("hhid", "current_school", "schoolid", "hospital.code", "home_clinic_no"))]
    [True, True, True, True, True]
    >>> [*map(names_group, ("household_size", "days_hospital", "age_group", "number_of_schools"))]
    [False, False, False, False]
    """
    *outer, own = path.replace("[]", "").split(".")
    groups, ends = vocabulary("group", "kin"), vocabulary("record", "end")
    bare = [part for word in words(own) for part in _parted(word, groups, ends)]
    if {*bare} <= ends:
        bare = [*words("".join(outer[-1:])), *bare]
    is_number = bool({*bare[-1:]} & ends)
    while bare and bare[-1] in ends:
        bare.pop()
    said_which = vocabulary("which", "record")
    return bool({*bare[-1:]} & groups) and (is_number or {*bare} <= groups | said_which)


def _parted(word: str, groups: Collection[str], ends: Collection[str]) -> list[str]:
    """A group and the ending that says it is numbered, where both are one word.

    >>> _parted("klassennr", {"klasse"}, {"nr"}), _parted("casino", {"klasse"}, {"no"})
    (['klasse', 'nr'], ['casino'])
    """
    for end in ends:
        stem = word.removesuffix(end)
        found = next((one for one in (stem, stem[:-1], f"{stem}e") if one in groups), None)
        if stem != word and found:
            return [found, end]
    return [word]


def are_names(path: str, seen: Seen) -> bool:
    """Whether the digits name something: groups, phone and postal codes, long numbers of equal length."""
    if names_group(path) and _whole_numbers(seen):
        return True
    found = [_bare(value) for _, value in seen.all_scalars]
    if not found or not all(map(_is_digits, found)):
        return False
    if {*words(path)} & vocabulary("digits"):
        return True
    sizes = {len(one) for one in found}
    long = min(sizes) >= LEAST_DIGITS and (len(sizes) == 1 or any(one[0] == "+" for one in found))
    return long and len(found) > 1


def _bare(value: Any) -> str:
    """A value as text; 12.0, as a table with gaps has it, becomes 12."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _is_digits(text: str) -> bool:
    return re.fullmatch(r"\+?\d[\d ]*", text) is not None


def _whole_numbers(seen: Seen) -> set[int] | None:
    """The numbers, also those written as text; None if any value is not a whole number."""
    found = set()
    for kind, value in seen.all_scalars:
        bare = kind == "string" and re.fullmatch(r"-?(0|[1-9]\d{0,8})", value)
        if not (bare or kind == "integer" or (kind == "number" and value.is_integer())):
            return None
        found.add(int(value))
    return found


def _is_scale(found: set[int]) -> bool:
    """Whether they run from 0 or 1 without a gap, except for one that means no answer."""
    for without in (set(), *({one} for one in found & NO_ANSWER)):
        rest = found - without
        if rest and min(rest) in (0, 1) and max(rest) - min(rest) + 1 == len(rest) <= MOST_CODES:
            return len(rest) > 1
    return False
