"""The cells of the table that people read."""

import re
from math import floor, log10

from thesis.diff.comparing import Compared
from thesis.diff.numbers import Number

DIGITS = 2
"""Digits of an interval's width that are shown."""


def side(number: Number | None) -> str:
    if number is None:
        return "–"
    if number.low is None or number.high is None:
        return _plain(number.value)
    value, low, high = (_fixed(one, _decimals(number)) for one in (number.value, number.low, number.high))
    return f"{value} [{low}, {high}]"


def change(row: Compared) -> str:
    """b - a with as many decimals as the values; a smaller one with one digit."""
    if row.difference is None or row.verdict == "same":
        return ""
    if row.a is None or row.a.low is None:
        return f"{row.difference:+,.4g}"
    text = f"{row.difference:+.{_decimals(row.a)}f}"
    return _short(text) if float(text) else f"{row.difference:+.1g}"


def _plain(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _fixed(value: float, decimals: int) -> str:
    """A number with these decimals, without the 0 before the point and without a negative zero.

    >>> _fixed(-0.6119, 2), _fixed(0.0, 2), _fixed(-0.0001, 2), _fixed(15.21, 1)
    ('-.61', '0', '0', '15.2')
    """
    text = f"{value:.{decimals}f}"
    return _short(text) if float(text) else "0"


def _short(text: str) -> str:
    return re.sub(r"^([+-]?)0\.", r"\1.", text)


def _decimals(number: Number) -> int:
    width = (number.high or 0.0) - (number.low or 0.0)
    return max(0, DIGITS - 1 - floor(log10(width))) if width > 0 else DIGITS
