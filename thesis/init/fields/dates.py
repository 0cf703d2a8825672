"""Dates and times in common spellings."""

import re
from collections.abc import Collection

_DAY = r"(0?[1-9]|[12]\d|3[01])"
_YEAR = r"(1[5-9]|2[01])\d\d"
_TIME = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_WEEKDAY = r"[^\W\d_]{2,10}\.?"
_MONTH_NAME = (
    r"(?:[Jj][Aa][Nn]|[Ff][EeÉé][BbVv]|[Mm][AaÄä][RrYyIi]|[Aa][PpVvBb][Rr]|[Jj][Uu][NnLlIi]|[Aa][UuGgOo][GgOoÛû]"
    r"|[Ss][Ee][PpTt]|[Oo][CcKkTt][Tt]|[Nn][Oo][Vv]|[Dd][EeÉéIi][CcZz]|[Ee][Nn][Ee]|[Gg][EeIi][NnUu]|[Ll][Uu][Gg])"
)
"""How a month begins in the languages of protected.yaml; not every word before a year is a month."""
_MONTH = r"[^\W\d_]{3,10}\.?"
PATTERNS = (
    rf"{_YEAR}-(0[1-9]|1[0-2])-{_DAY}",  # 2026-03-31
    rf"{_YEAR}[-/.](0?[1-9]|1[0-2])[-/.]{_DAY}",  # 2026/3/31
    rf"{_DAY}[-/.]{_DAY}[-/.]{_YEAR}",  # 31.3.2026, 31-03-2026, 3/31/2026
    rf"{_DAY}[-/.]{_DAY}[-/.]\d\d",  # 31.3.26
    rf"{_DAY}\.?[- ]{_MONTH},?[- ]{_YEAR}",  # 31 March 2026, 31-Mar-2026, 31. März 2026
    rf"{_MONTH} {_DAY}(st|nd|rd|th)?,? {_YEAR}",  # March 31, 2026
    rf"{_YEAR}-(0[1-9]|1[0-2])",  # 2026-03
    rf"{_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])",  # 20260331
    rf"{_DAY}{_MONTH_NAME}({_YEAR}|\d\d)",  # 31MAR2026
    rf"(0?[1-9]|1[0-2])[/.]{_YEAR}",  # 03/2026
    rf"{_MONTH_NAME}[^\W\d_]{{0,7}}\.? {_YEAR}",  # March 2026
    rf"{_WEEKDAY},? {_DAY}\.? {_MONTH} {_YEAR}",  # Tue, 31 Mar 2026
    rf"{_WEEKDAY},? {_MONTH} {_DAY}(st|nd|rd|th)?,? {_YEAR}",  # Tuesday, March 31, 2026
    rf"{_YEAR}[年년] ?(0?[1-9]|1[0-2])[月월] ?{_DAY}[日일]",  # 2026年3月31日
)
_SPLIT = re.compile(rf"(?P<day>.*?)(?P<time>(T|,? ){_TIME})?")


def date_pattern(texts: Collection[str]) -> str | None:
    """The pattern that all texts match if they are dates, with or without a time, in one or more spellings.

    >>> bool(date_pattern(["2026-03-31T08:30:00Z", "31.3.2026"])), date_pattern(["31.3.2026", "soon"])
    (True, None)
    """
    used: dict[str, None] = {}
    for text in texts:
        day, time = _parts(text)
        fitting = next((pattern for pattern in PATTERNS if re.fullmatch(pattern, day)), None)
        if fitting is None:
            return None
        used[fitting + (rf"(T|,? ){_TIME}" if time else "")] = None
    return f"^({'|'.join(used)})$" if used else None


def _parts(text: str) -> tuple[str, str]:
    found = _SPLIT.fullmatch(text)
    return (found["day"], found["time"] or "") if found else (text, "")
