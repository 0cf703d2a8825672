"""Numbers that are written as text: "45,000", "34 years", "1.100,50 €"."""

import re
from collections.abc import Iterable, Mapping, Sequence

from stages.prepare.cleaning import read_number
from stages.prepare.params import NumberParams

NO_RULES = NumberParams(thousands_separator=None, units=[])
SEPARATORS = (None, ",", ".", " ", "'")
MAX_UNITS = 3
"""Units of one field; more than these are words."""
_SPELLED = r"[+-]?\d(?:[\d.,'’ \u00a0\u202f]*\d)?"
_WITH_UNIT = re.compile(_SPELLED + r"(\s*)([^\d\s.,'+-][^\d]{0,11})")
_CURRENCY = (
    r"[A-Z]{0,3}[$€£¥₹₽₩₺₫₴₦₱฿₪]|USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|TRY|BRL|MXN"
    r"|RUB|KRW|ZAR|Fr\.|Rs\.?|kr\.?|zł"
)
_WITH_CURRENCY_BEFORE = re.compile(rf"({_CURRENCY})\s*{_SPELLED}")
_PLACE = re.compile(r"[A-ZÀ-Þ].* .*|.* [A-ZÀ-Þ].*|.* (?:st|street|rd|road|ave|avenue|ln|lane)\.?")
"""What follows the number of a house: "Main Street", "rue Monge"."""
_ORDINALS = {"st", "nd", "rd", "th", "er", "e", "ème", "º", "ª"}


def number_rules(texts: Mapping[str, Iterable[str]]) -> NumberParams:
    """The separator and the units with which most fields can be read as numbers.

    Args:
        texts: the distinct texts of each field.

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
    """Whether all texts can be read as numbers; codes such as 01234 (a postcode) cannot."""
    found = [*texts]
    if rules.thousands_separator not in (None, ",") and _have_comma_thousands(found):
        return False
    return all(not re.match(r"[+-]?0\d", t) and not isinstance(read_number(t, rules), str) for t in found)


def _have_comma_thousands(texts: Sequence[str]) -> bool:
    """Whether all commas separate three digits: read as decimals, "20,000" would be 20."""
    with_comma = [text for text in texts if "," in text]
    return bool(with_comma) and all(re.fullmatch(r"\D*\d{1,3}(,\d{3})+\D*", text) for text in with_comma)


def are_spelled_numbers(texts: Iterable[str]) -> bool:
    """Whether all look like numbers, and some contain a comma, an apostrophe or a currency.

    >>> are_spelled_numbers(["$20,000", "$900"]), are_spelled_numbers(["1,0", "2,1"])
    (True, True)
    >>> are_spelled_numbers(["34", "35"]), are_spelled_numbers(["a 1,0"])
    (False, False)
    """
    number, found = rf"(?:{_CURRENCY})?\s*{_SPELLED}\s*(?:{_CURRENCY}|%|[A-Za-z]{{1,8}})?", [*texts]
    spelled = any(re.search(rf"\d[,'’]\d|{_CURRENCY}", text) for text in found)
    return spelled and all(re.fullmatch(number, text) for text in found)


def _units(texts: Iterable[str]) -> list[str]:
    """The units beside the numbers; [] if a text is not a number, currencies mix, or words rarely repeat."""
    found: set[str] = set()
    worded: list[str] = []
    n = 0
    for text in texts:
        n += 1
        if before := _WITH_CURRENCY_BEFORE.fullmatch(text):
            found.add(before[1])
            continue
        if not re.match(r"[+-]?\d", text):
            return []
        match = _WITH_UNIT.fullmatch(text)
        if match is None:
            continue
        blank, unit = match.groups()
        if (len(unit) == 1 and unit.isalpha() and not blank) or unit in _ORDINALS:  # 5a, 2nd
            return []
        found.add(unit)
        worded += [unit] if unit[0].isalpha() and not re.fullmatch(_CURRENCY, unit) else []
        if len(found) > MAX_UNITS:
            return []
    if worded and not _are_units(worded, n):
        return []
    currencies = [unit for unit in found if re.fullmatch(_CURRENCY, unit)]
    return sorted(found) if len(currencies) < 2 else []


def _are_units(words: Sequence[str], n: int) -> bool:
    """Whether most of n numbers have a word, and each word is used twice or more on average.

    Singular and plural count as one word. Capitalized words (Jahre) are units only if all are the same
    word; otherwise they are names, as in addresses.

    >>> _are_units(["year", "years"], 3), _are_units(["Hart"], 1), _are_units(["Hart", "Hart"], 9)
    (True, False, False)
    >>> _are_units(["Hart", "Elm", "Elm", "Hart"], 4), _are_units(["Main Street"] * 4, 4)
    (False, False)
    """
    kinds = [word for word in {*words} if not any(word != one and word.startswith(one) for one in words)]
    named = any(word[0].isupper() for word in kinds) and len(kinds) > 1
    if named or any(map(_PLACE.fullmatch, kinds)):
        return False
    return len(words) >= max(2 * len(kinds), n / 2)
