"""Read the line with an activity's date in a page of Takeout, in the account's language.

The zone is not read: day and clock are those of the account. An abbreviation ("CET", "MEZ", "IST") means
several zones, and Takeout writes today's in summer and winter alike.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from thesis.importing.months import month_of

MAX_LENGTH = 80
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})(?::|\.|\s?h\s)(\d{2})(?::|\.|\s?min\s)(\d{2})(?![\d:])")
_SHORT_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2}):(\d{2})()(?![\d:])")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_WORD = re.compile(r"[^\W\d_][^\s\d,،;/]*")
_CROATIAN = re.compile(r"\d\. [^\W\d]+ \d{4}\.")
_AFTER_NOON = re.compile(r"\bp\.?\s?m\b|μ\.μ|\bptg\b|\bم\b|下午|晚上|午後|오후")
_BEFORE_NOON = re.compile(r"\ba\.?\s?m\b|π\.μ|\bص\b|上午|凌晨|午前|오전")
_BUDDHIST = 543


@dataclass(frozen=True)
class Moment:
    """A day and a time on the account's clock."""

    day: date | None
    """None if the line has a year and a time, but its month or day is not understood."""
    at: datetime | None
    """Day and time, as if the account's clock were UTC."""
    clock: tuple[int, int]
    """Minutes after the last quarter of an hour, and seconds: the same in every zone."""


def moment_of(line: str, seconds: bool = True) -> Moment | None:
    """The day and time in a line; None without a year or a time, or if it is too long for a date.

    Args:
        seconds: whether the time must have seconds.

    >>> moment_of("20. nov. 2026 21.50.57 CET").at.isoformat()
    '2026-11-20T21:50:57+00:00'
    >>> moment_of("Nov 20, 2026, 9:50:57 PM MEZ").day, moment_of("at 9:50:57")
    (datetime.date(2026, 11, 20), None)
    """
    if len(line) > MAX_LENGTH:
        return None
    text = _plain(line)
    clock = (_CLOCK if seconds else _SHORT_CLOCK).search(text)
    if clock is None:
        return None
    before, after = text[: clock.start()], text[clock.end() :]
    dated = before if _YEAR.search(before) else after
    if not _YEAR.search(dated):
        return None
    hour, minute, second = _hour(int(clock[1]), before[-8:], after[:8]), int(clock[2]), int(clock[3] or 0)
    day = _day(dated)
    try:
        at = datetime.combine(day, time(hour, minute, second), UTC) if day else None
    except ValueError:
        at = None
    return Moment(day, at, (minute % 15, second))


def _plain(line: str) -> str:
    """The line with compatible characters, ASCII digits and folded case, without direction marks."""
    shown = (sign for sign in unicodedata.normalize("NFKC", line) if unicodedata.category(sign) != "Cf")
    return "".join(_digit(sign) for sign in shown).strip().casefold()


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _hour(hour: int, before: str, after: str) -> int:
    around = f"{before} {after}"
    if _AFTER_NOON.search(around) and hour < 12:
        return hour + 12
    return 0 if hour == 12 and _BEFORE_NOON.search(around) else hour


def _day(text: str) -> date | None:
    """The day; numbers without a month's name are day and month, or month and day after the year."""
    numbers = _NUMBER.findall(text)[:3]
    year = next((number for number in numbers if len(number) == 4), None)
    others = [int(number) for number in numbers if len(number) < 3]
    named = [month_of(word, bool(_CROATIAN.search(text))) for word in _WORD.findall(text)]
    month = next((number for number in named if number), None)
    if year is None or not others:
        return None
    if month is None:
        if len(others) != 2:
            return None
        month, day = others if numbers[0] == year else reversed(others)
        if month > 12 and numbers[-1] == year:
            month, day = day, month
    else:
        day = others[0]
    try:
        return date(int(year) - _BUDDHIST * (int(year) > 2400), month, day)
    except ValueError:
        return None
