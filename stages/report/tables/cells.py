"""What stands in the cells of many tables."""

from collections.abc import Sequence

from stages.report.numbers import count, percent, rounded, span
from stages.report.table import EMPTY, NONE, Cell, Flag

HEADS = ("arm", "prompt")
BRACKETS = "In round brackets the null band, in square ones the interval of the number itself."


def number(value: float | None) -> Cell:
    """Two decimals; a dash if there is none."""
    return EMPTY if value is None else Cell(rounded(value))


def whole(n: int | None) -> Cell:
    return EMPTY if n is None else Cell(count(n))


def share(rate: float, low: float, high: float) -> Cell:
    """In percent, with its interval."""
    return Cell(percent(rate), f"{percent(low)} – {percent(high)}")


def banded(value: float, low: float | None, high: float | None, *, above_only: bool = True) -> Cell:
    """With its null band, if it has one; flagged where it lies outside, or above."""
    if low is None or high is None:
        return Cell(rounded(value))
    flag = flagged(value, low, high)
    return Cell(rounded(value), span(low, high), "" if above_only and flag == "▼" else flag)


def flagged(value: float, low: float | None, high: float | None) -> Flag:
    """Where a number lies outside its null band.

    >>> flagged(3, 0, 2), flagged(1, 0, 2), flagged(3, None, None)
    ('▲', '', '')
    """
    if low is None or high is None:
        return ""
    return "▲" if value > high else "▼" if value < low else ""


def texts(*words: str) -> list[Cell]:
    return [Cell(word) for word in words]


def in_order(
    rows: Sequence[tuple[str, str]], arms: Sequence[str], prompts: Sequence[str]
) -> list[tuple[str, str]]:
    """Keys of cells: by arm, then by prompt, each in the order given."""
    return [(arm, prompt) for arm in arms for prompt in prompts if (arm, prompt) in {*rows}]


Ends = tuple[float | None, float | None]


def measured(value: float, band: Ends, interval: Ends) -> Cell:
    """With its null band and its interval; flagged where it lies outside the band."""
    low, high = band
    quiet, ends = ("" if None in pair else _between(pair) for pair in (band, interval))
    return Cell(rounded(value), quiet, interval=ends, flag=flagged(value, low, high))


def between(ends: Ends) -> Cell:
    """An interval that has a column to itself."""
    return Cell(_between(ends))


def _between(ends: Ends) -> str:
    low, high = ends
    return NONE if low is None or high is None else span(low, high)
