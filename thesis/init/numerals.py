"""Numbers that are written as text: "45,000", "34 years"."""

import re
from collections.abc import Iterable, Mapping

from stages.prepare.cleaning import read_number
from stages.prepare.params import NumberParams

NO_RULES = NumberParams(thousands_separator=None, units=[])
SEPARATORS = (None, ",", ".", " ", "'")
MAX_UNITS = 3
"""Of one field; more are words, no units."""
_WITH_UNIT = re.compile(r"[+-]?\d(?:[\d.,' ]*\d)?(\s*)([^\d\s.,'+-][^\d]{0,11})")
_ORDINALS = {"st", "nd", "rd", "th", "er", "e", "ème", "º", "ª"}


def number_rules(texts: Mapping[str, Iterable[str]]) -> NumberParams:
    """The one separator, and the units, with which most fields can be read as numbers.

    Args:
        texts: of each field that has some, the different ones.

    >>> number_rules({"pay": ["1,200", "900"], "way": ["5 min", "10 min"], "job": ["cook"]})
    NumberParams(thousands_separator=',', units=['min'])
    """
    fields = {path: tuple(found) for path, found in texts.items()}
    units = {path: _units(found) for path, found in fields.items()}
    best, most = NO_RULES, -1
    for separator in SEPARATORS:
        rules = {p: NumberParams(thousands_separator=separator, units=units[p]) for p in fields}
        read = [path for path, found in fields.items() if are_numbers(found, rules[path])]
        if len(read) > most:
            known = sorted({unit for path in read for unit in units[path]})
            best, most = NumberParams(thousands_separator=separator, units=known), len(read)
    return best


def are_numbers(texts: Iterable[str], rules: NumberParams) -> bool:
    """Whether all texts read as numbers; codes such as 01234 (a postcode) are none."""
    return all(not re.match(r"[+-]?0\d", t) and not isinstance(read_number(t, rules), str) for t in texts)


def _units(texts: Iterable[str]) -> list[str]:
    """The words after the numbers; none if some text is no number with or without one."""
    found: set[str] = set()
    for text in texts:
        if not re.match(r"[+-]?\d", text):
            return []
        match = _WITH_UNIT.fullmatch(text)
        if match is None:
            continue
        blank, unit = match.groups()
        if (len(unit) == 1 and unit.isalpha() and not blank) or unit in _ORDINALS:  # 5a, 2nd
            return []
        found.add(unit)
        if len(found) > MAX_UNITS:
            return []
    return sorted(found)
