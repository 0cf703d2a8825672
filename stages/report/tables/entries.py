"""Entries that many tables share: what the page shows, and the numbers that files hold."""

from collections.abc import Mapping, Sequence

from stages.common.phrases import many
from stages.common.tables.base import ALL, Rate, ReadRow
from stages.common.tables.format import DomainRow, RuleRow
from stages.common.tables.words import LexiconRow
from stages.report.inputs import Inputs
from stages.report.numbers import count, p_value, percent, rounded, signed, span
from stages.report.table import EMPTY, NONE, Column, Entry, Flag, Value

Ends = tuple[float | None, float | None]
BRACKETS = "Round brackets hold the null band, square brackets the interval of the number itself."
NOTHING: Mapping[str, Value] = {}


def of_arm(arm: str, inputs: Inputs) -> Entry:
    """The arm's name on the page, its id in files."""
    return Entry(ALL if arm == ALL else inputs.name(arm), values={"": arm})


def of_cell(key: tuple[str, str], inputs: Inputs) -> list[Entry]:
    """The arm and the prompt."""
    return [of_arm(key[0], inputs), Entry(key[1])]


def arm_columns(arms: Sequence[str], key: str, inputs: Inputs) -> list[Column]:
    """One column per arm, about one metric."""
    return [Column(inputs.name(arm), key, id=arm) for arm in arms]


def number(value: float | None) -> Entry:
    """Two decimals; a dash if there is none."""
    return EMPTY if value is None else Entry(rounded(value), values={"": value})


def whole(n: int | None) -> Entry:
    return EMPTY if n is None else Entry(count(n), values={"": n})


def probability(p: float) -> Entry:
    """A p-value, rounded on the page alone."""
    return Entry(p_value(p), values={"": p})


def counted(row: ReadRow, n: int) -> Entry:
    """The count n, and of how many readable profiles and draws, if it is not all of them."""
    values = {"": n, "readable": row.n_readable, "drawn": row.n_drawn}
    return Entry(count(n), of_readable(row, n), values=known(values))


def known(values: Mapping[str, Value]) -> dict[str, Value]:
    """The values that are not None.

    >>> known({"": 3, "of": None})
    {'': 3}
    """
    return {name: value for name, value in values.items() if value is not None}


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
    words = f"of {row.n_drawn}" if row.n_readable != row.n_drawn else ""
    return Entry(count(row.n_readable), words, values=known({"": row.n_readable, "drawn": row.n_drawn}))


def of_people(row: RuleRow | DomainRow | LexiconRow | None) -> Entry:
    """The share of the dataset's people, in percent; a dash if there is none."""
    return EMPTY if row is None else Entry(percent(row.rate.rate), values={"": row.rate.rate})


def share(rate: Rate) -> Entry:
    """A share with its interval: in percent on the page, from 0 to 1 in files."""
    values = {"": rate.rate, "low": rate.low, "high": rate.high}
    return Entry(percent(rate.rate), f"{percent(rate.low)} – {percent(rate.high)}", values=values)


def banded(value: float, band: Ends, *, above_only: bool = True) -> Entry:
    """A number with its null band, if it has one; flagged outside it, or only above it."""
    flag = flagged(value, *band)
    values = {"": value} | in_band(band)
    return Entry(rounded(value), _said(band), "" if above_only and flag == "▼" else flag, values=values)


def shifted(value: float, band: Ends, interval: Ends = (None, None)) -> Entry:
    """A signed number with its null band and its interval; flagged outside the band."""
    values = {"": value} | in_band(band) | in_interval(interval)
    quiet, ends = signed_ends(band), signed_ends(interval)
    return Entry(signed(value), quiet, flagged(value, *band), interval=ends, values=values)


def signed_ends(ends: Ends) -> str:
    """An interval of a signed number; "" if there is none.

    >>> signed_ends((-0.5, 0.25)), signed_ends((None, None))
    ('−0.50 to +0.25', '')
    """
    low, high = ends
    return "" if low is None or high is None else f"{signed(low)} to {signed(high)}"


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


def measured(
    value: float, band: Ends, interval: Ends, n: str = "", counts: Mapping[str, Value] = NOTHING
) -> Entry:
    """A number with its null band and its interval; flagged outside the band.

    `n` are the `counts` in words, if they are worth a word: see `fewer`.
    """
    quiet = "; ".join(filter(None, (_said(band), n)))
    values = {"": value} | in_band(band) | in_interval(interval) | {**counts}
    return Entry(rounded(value), quiet, interval=_said(interval), flag=flagged(value, *band), values=values)


def between(ends: Ends) -> Entry:
    """An interval that has a column to itself."""
    return Entry(_said(ends) or NONE, values=in_interval(ends))


def in_band(ends: Ends) -> dict[str, Value]:
    """The ends of a null band, as files call them."""
    return known({"band low": ends[0], "band high": ends[1]})


def in_interval(ends: Ends) -> dict[str, Value]:
    """The ends of an interval, as files call them."""
    return known({"low": ends[0], "high": ends[1]})


def _said(ends: Ends) -> str:
    low, high = ends
    return "" if low is None or high is None else span(low, high)
