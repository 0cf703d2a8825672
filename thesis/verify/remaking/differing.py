"""Two files compared: byte by byte, otherwise number by number within a stated tolerance."""

import math
import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from stages.common.shown import brief

RELATIVE, ABSOLUTE = 1e-6, 1e-9
"""Largest difference of numbers that another processor may cause: it sums in another order."""
OF_DRAWINGS = 0.01
"""Largest difference of coordinates in drawings and the page, in their own units."""
REPORTS = "reports/"
NEWLINE, MAX_SHOWN = "\n", 60
NUMBER = re.compile(r"(?<![\d.])-?\d+\.\d+(?:[eE][-+]?\d+)?")
"""A number with a decimal point. Everything else, whole numbers too, must be the same text."""


ATTRIBUTE = re.compile(r'([\w:-]+)="[^"]*$')
"""The attribute within whose value a tag breaks off."""
COORDINATES = {
    "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height",
    "points", "transform", "viewBox",
}  # fmt: skip
"""Attributes of drawings that hold places and sizes."""


@dataclass(frozen=True)
class Difference:
    """How two files differ."""

    n_numbers: int = 0
    """Numbers that differ."""
    largest: float = 0.0
    """Largest difference of two numbers, relative to the larger one, or absolute if both are small."""
    where: str = ""
    """The first place that no tolerance covers; "" if there is none."""


def difference(expected: Path, made: Path, name: str) -> Difference | None:
    """How a file that was made again differs from the expected one; None if it has the same bytes.

    Args:
        name: the file's path in the project.
    """
    was, now = expected.read_bytes(), made.read_bytes()
    if was == now:
        return None
    try:
        return of_texts(was.decode(), now.decode(), is_rounded=name.startswith(REPORTS))
    except UnicodeDecodeError:
        return Difference(where="not the same bytes, and not a text whose numbers can be compared")


def of_texts(was: str, now: str, *, is_rounded: bool = False) -> Difference:
    """How two texts differ.

    Args:
        is_rounded: numbers are rounded for people: the last digit may differ by one, a coordinate by
            OF_DRAWINGS.

    >>> of_texts("n,rate\\n10,0.5\\n", "n,rate\\n10,0.50000001\\n").where
    ''
    >>> of_texts("n,rate\\n10,0.5\\n", "n,rate\\n11,0.5\\n").where
    'line 2: 10,0.5 → 11,0.5'
    >>> of_texts('<p x="0.051">', '<p x="0.049">', is_rounded=True).where
    ''
    >>> of_texts("<p>p 0.051", "<p>p 0.049", is_rounded=True).where
    'line 1: 0.051 → 0.049'
    """
    texts = [NUMBER.split(was), NUMBER.split(now)]
    if texts[0] != texts[1]:
        return Difference(where=_first_other_line(was, now))
    pairs = [*zip(NUMBER.finditer(was), NUMBER.finditer(now), strict=True)]
    differing = [(before, after) for before, after in pairs if before[0] != after[0]]
    outside = [
        pair
        for pair in differing
        if not _is_close(pair[0][0], pair[1][0], _tolerance(was, pair[0], is_rounded=is_rounded))
    ]
    sizes = [
        size for a, b in differing if math.isfinite(size := _size(float(a[0]), float(b[0])))
    ]  # not that of 1.0e999
    where = ""
    if outside:
        before, after = outside[0]
        where = f"line {was.count(NEWLINE, 0, before.start()) + 1}: {before[0]} → {after[0]}"
    return Difference(len(differing), max(sizes, default=0.0), where)


def _is_close(was: str, now: str, tolerance: float) -> bool:
    before, after = float(was), float(now)
    return math.isclose(before, after, rel_tol=RELATIVE, abs_tol=tolerance * (1 + RELATIVE))


def _tolerance(text: str, number: re.Match[str], *, is_rounded: bool) -> float:
    """Largest absolute difference of a number at its place in a text."""
    if not is_rounded:
        return ABSOLUTE
    last_digit = 10.0 ** -len(re.split("[eE]", number[0])[0].partition(".")[2])
    tag = text[text.rfind("<", 0, number.start()) : number.start()]
    attribute = ATTRIBUTE.search(tag)
    return max(OF_DRAWINGS, last_digit) if attribute and attribute[1] in COORDINATES else last_digit


def _size(was: float, now: float) -> float:
    return abs(was - now) / max(abs(was), abs(now), 1.0)


def _first_other_line(was: str, now: str) -> str:
    lines = zip_longest(was.split(NEWLINE), now.split(NEWLINE), fillvalue="(no line)")
    number, (before, after) = next(
        (n, pair) for n, pair in enumerate(lines, 1) if _texts(pair[0]) != _texts(pair[1])
    )
    return f"line {number}: {brief(before, MAX_SHOWN)} → {brief(after, MAX_SHOWN)}"


def _texts(line: str) -> list[str]:
    return NUMBER.split(line)
