"""Replace characters that a font or LaTeX lacks, by another font or by a number with a legend."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

MAIN = "DejaVu Sans"
"""A font that comes with matplotlib, so that its characters look the same on every machine."""
_UNFIT = re.compile(r"^\.|^cm|^STIX|Last ?Resort|Color Emoji|Mono|Condensed|Light|Symbol")
"""Fonts that are hidden, draw boxes or pictures, or look unlike the rest."""
OPEN, CLOSE = "⟦", "⟧"
UNKNOWN = "\ufffd"
MOST_SPELLED = 48
"""Characters of an entry of the legend; a longer one is cut off."""
LEGEND = "lettering"
Numbers = dict[str, int]
"""Numbers by the text that cannot be set, in the order in which it was met."""
_numbers: Numbers = {}


def families(texts: Iterable[str]) -> list[str]:
    """The main font, and others of this machine that have what it lacks, in a fixed order."""
    missing = {c for text in texts for c in text if c.isprintable() and not _has(MAIN, c)}
    found = [MAIN]
    while missing:
        covered = {name: {c for c in missing if _has(name, c)} for name in _others()}
        best = min(covered, key=lambda name: (-len(covered[name]), name), default=None)
        if best is None or not covered[best]:
            break
        found.append(best)
        missing -= covered[best]
    return found


def start_numbers() -> None:
    """Start numbering at 1 again; call it before the figures of a report."""
    _numbers.clear()


def drawable(text: str) -> str:
    """The text with a number in place of what no font has; the figure's legend spells it.

    >>> start_numbers()
    >>> drawable("naïve 𠮷𠮷"), drawable("a\\tb")
    ('naïve ⟦1⟧', 'a�b')
    """
    fonts = [name for name in rcParams["font.family"] if name != "sans-serif"] or [MAIN]
    told = numbered(text, lambda c: c.isprintable() and any(_has(name, c) for name in fonts), _numbers)
    return "".join(c if c.isprintable() else UNKNOWN for c in told)


def numbered(text: str, is_known: Callable[[str], bool], numbers: Numbers) -> str:
    """The text with a number for each stretch of unknown characters; `numbers` learns new ones.

    Blanks within a stretch are part of it; control characters alone stay.
    """
    mask = "".join(" " if c == " " else "k" if is_known(c) else "u" for c in text)
    found, end = "", 0
    for match in re.finditer(r"u+(?: *u+)*", mask):
        stretch = text[match.start() : match.end()]
        found += text[end : match.start()]
        if any(c.isprintable() for c in stretch):
            stretch = f"{OPEN}{numbers.setdefault(stretch, len(numbers) + 1)}{CLOSE}"
        found, end = found + stretch, match.end()
    return found + text[end:]


def legend_of(figure: Figure) -> dict[str, int]:
    """The numbers that stand in a figure, with what they stand for."""
    shown = [text.get_text() for text in figure.findobj(Text)]
    return {run: n for run, n in _numbers.items() if any(f"{OPEN}{n}{CLOSE}" in text for text in shown)}


def saving(figure: Figure) -> dict[str, Any]:
    """How to save a figure: with its legend below, if it has numbers in place of characters."""
    legend = legend_of(figure)
    if legend and not figure.findobj(lambda artist: artist.get_gid() == LEGEND):
        words = "\n".join(f"{OPEN}{n}{CLOSE} {spelled(run)}" for run, n in legend.items())
        for box in figure.legends:  # else they move into the part of the page that is added below
            place = box.get_bbox_to_anchor().transformed(figure.transFigure.inverted())
            box.set_bbox_to_anchor(place, transform=figure.transFigure)
        figure.text(0.01, -0.01, words, va="top", fontsize=6.5, gid=LEGEND)
    return {"bbox_inches": "tight", "pad_inches": 0.05} if legend else {}


def written(legend: Mapping[str, int]) -> str:
    """The legend for the page, where browsers show every character; "" if there are no numbers."""
    entries = "; ".join(f"{OPEN}{n}{CLOSE} {run}" for run, n in legend.items())
    return f" In the figure: {entries}." if entries else ""


def spelled(text: str) -> str:
    """The sounds or names of characters in plain letters, as Unicode has them; else their code points.

    >>> spelled("서울"), spelled("محمد"), spelled("🙂"), spelled("中文")
    ('seo-ul', 'meem-hah-meem-dal', 'slightly smiling face', 'U+4E2D U+6587')
    """
    kinds = groupby(text, key=_is_letter)
    parts = [("-" if letters else " ").join(_names(stretch)) for letters, stretch in kinds]
    whole = " ".join(part for part in parts if part)
    return whole if len(whole) <= MOST_SPELLED else f"{whole[: MOST_SPELLED - 1]}…"


def _names(characters: Iterable[str]) -> Iterator[str]:
    for c in characters:
        name = unicodedata.name(c, "")
        if not c.isprintable() or name.startswith("VARIATION SELECTOR"):
            continue
        if not name or "IDEOGRAPH" in name:
            yield f"U+{ord(c):04X}"
        else:
            yield name.rpartition("LETTER " if "LETTER " in name else "SYLLABLE ")[2].lower()


def _is_letter(c: str) -> bool:
    return c.isalpha() and "IDEOGRAPH" not in unicodedata.name(c, "IDEOGRAPH")


@cache
def _has(family: str, character: str) -> bool:
    return bool(_font(family).get_char_index(ord(character)))


@cache
def _font(family: str) -> FT2Font:
    return get_font(findfont(FontProperties(family=[family])))


@cache
def _others() -> tuple[str, ...]:
    """Other upright fonts with outlines, by name."""
    names = {font.name for font in fontManager.ttflist if font.style == "normal" and font.name != MAIN}
    return tuple(sorted(name for name in names if not _UNFIT.search(name)))
