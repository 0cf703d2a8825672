"""Entries that many tables share."""

from stages.common.phrases import many
from stages.common.tables.base import Rate, ReadRow
from stages.common.tables.format import DomainRow, RuleRow
from stages.common.tables.words import LexiconRow
from stages.report.numbers import count, percent, rounded, signed, span
from stages.report.table import EMPTY, NONE, Entry, Flag

Ends = tuple[float | None, float | None]
BRACKETS = "Round brackets hold the null band, square brackets the interval of the number itself."


def number(value: float | None) -> Entry:
    """Two decimals; a dash if there is none."""
    return EMPTY if value is None else Entry(rounded(value))


def whole(n: int | None) -> Entry:
    return EMPTY if n is None else Entry(count(n))


def counted(row: ReadRow, n: int) -> Entry:
    """The count n, and of how many readable profiles and draws, if it is not all of them."""
    return Entry(count(n), of_readable(row, n))


def of_readable(row: ReadRow, n: int) -> str:
    """The readable profiles and draws in words, such as: of 4 readable of 10; "" if n is all draws."""
    if row.n_drawn is None or n == row.n_drawn:
        return ""
    return f"of {row.n_readable} readable of {row.n_drawn}"


def of_drawn(n: int, n_drawn: int | None) -> str:
    """The n of a contrast, and of how many draws, if it is not all of them."""
    return f"n = {n}" if n_drawn in (None, n) else f"n = {n} of {n_drawn}"


def in_brackets(words: str) -> str:
    """The words in brackets after a space; "" if there are none."""
    return f" ({words})" if words else ""


def together(row: ReadRow, before: str) -> str:
    """All draws of a row about many cells, after these words; "" if all could be read or it is unknown.

    >>> row = ReadRow(arm="(all)", prompt="(all)", n_readable=4, n_drawn=10)
    >>> together(row, " of "), together(ReadRow(arm="(all)", prompt="(all)"), " of ")
    (' of 10 draws (4 readable)', '')
    """
    if row.n_drawn is None or row.n_readable is None or row.n_readable == row.n_drawn:
        return ""
    return f"{before}{many(row.n_drawn, 'draw')} ({count(row.n_readable)} readable)"


def fewer(row: ReadRow, n: int) -> str:
    """The n in words, if readable profiles lack a valid value; else ""."""
    return f"n = {n}" if row.n_readable is not None and n < row.n_readable else ""


def readable_of(row: ReadRow) -> Entry:
    """The readable profiles of how many draws, for rows whose numbers have an n each; a dash if unknown."""
    if row.n_readable is None:
        return EMPTY
    return Entry(count(row.n_readable), f"of {row.n_drawn}" if row.n_readable != row.n_drawn else "")


def of_people(row: RuleRow | DomainRow | LexiconRow | None) -> Entry:
    """The share of the dataset's people, in percent; a dash if there is none."""
    return EMPTY if row is None else Entry(percent(row.rate.rate))


def share(rate: Rate) -> Entry:
    """A share in percent, with its interval."""
    return Entry(percent(rate.rate), f"{percent(rate.low)} – {percent(rate.high)}")


def banded(value: float, band: Ends, *, above_only: bool = True) -> Entry:
    """A number with its null band, if it has one; flagged outside it, or only above it."""
    low, high = band
    if low is None or high is None:
        return Entry(rounded(value))
    flag = flagged(value, low, high)
    return Entry(rounded(value), span(low, high), "" if above_only and flag == "▼" else flag)


def shifted(value: float, low: float | None, high: float | None, interval: str = "") -> Entry:
    """A signed number with its null band; flagged outside it."""
    band = "" if low is None or high is None else f"{signed(low)} to {signed(high)}"
    return Entry(signed(value), band, flagged(value, low, high), interval=interval)


def flagged(value: float, low: float | None, high: float | None) -> Flag:
    """The side on which a number lies outside its null band.

    >>> flagged(3, 0, 2), flagged(1, 0, 2), flagged(3, None, None)
    ('▲', '', '')
    """
    if low is None or high is None:
        return ""
    return "▲" if value > high else "▼" if value < low else ""


def texts(*words: str) -> list[Entry]:
    return [Entry(word) for word in words]


def measured(value: float, band: Ends, interval: Ends, n: str = "") -> Entry:
    """A number with its null band and its interval; flagged outside the band. `n`: see `fewer`."""
    low, high = band
    quiet, ends = ("" if None in pair else _between(pair) for pair in (band, interval))
    quiet = "; ".join(filter(None, (quiet, n)))
    return Entry(rounded(value), quiet, interval=ends, flag=flagged(value, low, high))


def between(ends: Ends) -> Entry:
    """An interval that has a column to itself."""
    return Entry(_between(ends))


def _between(ends: Ends) -> str:
    low, high = ends
    return NONE if low is None or high is None else span(low, high)
