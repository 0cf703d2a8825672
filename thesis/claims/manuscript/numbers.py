"""Every number of a running text, and what is set aside because it counts nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from thesis.claims.manuscript.blanking import blanked

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_UNIT = r"(?:[GMk]i?B|k?g|[ckm]?m|m?s|h|min|x|×|°|€)(?!\w)"
NUMBER = re.compile(
    rf"(?<![\w.,])(?<![\w]\.)(?:[−+-]\s?)?(?:{_DIGITS})(?:(?={_UNIT})|(?!\w|[.,]\d))(?:\s?%)?"
)
_MONTH = r"(?:Jan|Febr|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_LIST = r"\d+(?:\.\d+)*[a-z]?"
SET_ASIDE = {
    "references": re.compile(
        r"^#*\s*(?:\d+\.?\s+)?(?:References|Bibliography|Literature|Works cited)\s*$.*?(?=^# *Appendi|\Z)",
        re.DOTALL | re.MULTILINE | re.IGNORECASE,
    ),
    "links and identifiers": re.compile(
        r"(?:https?://|www\.|doi:|arXiv:)\S+|\b10\.\d{4,}/\S+", re.IGNORECASE
    ),
    "citations": re.compile(r"\[\d+(?:\s?[,;–-]\s?\d+)*\]"),
    "headings and list marks": re.compile(
        r"^(?:#+[ ]*\d+(?:\.\d+)*\.?|[ ]*(?:\d+[.)]|\(\d+\)))(?=\s)", re.MULTILINE
    ),
    "sections, figures, tables, pages": re.compile(
        r"\b(?:sections?|sec\.|chapters?|figures?|figs?\.|tables?|appendix|appendices|equations?|eqs?\.|pages?|pp?\."
        rf"|steps?|footnotes?|lines?|versions?)\s\(?(?P<hide>{_LIST}(?:(?:\s?[,–-]\s?|\s(?:and|to)\s){_LIST})*)"
        r"(?![\w%])",
        re.IGNORECASE,
    ),
    "dates and years": re.compile(
        rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}\.?\s{_MONTH}(?!\w)|{_MONTH}\s\d{{1,2}}\b(?!\s?%)"
        r"|(?<![\w.,−+-])(?:19|20)\d\d(?:[–/-](?:19|20)?\d\d)?(?![\w%]|[.,]\d|\s%)"
    ),
    "names": re.compile(rf"[^\W\d]+[\w.]*-?\d[\w.-]*|\b\d+(?!{_UNIT})[^\W\d]\w*|§+\s?{_LIST}"),
}
"""Rules in the order in which they are applied; each takes its text away from the next."""


@dataclass(frozen=True)
class Number:
    """A number as the text prints it, with its place."""

    start: int
    end: int
    text: str


def numbers_in(text: str) -> tuple[list[Number], dict[str, int]]:
    """The numbers that count something; how many others each rule set aside.

    >>> found, aside = numbers_in("In 2024, 12 of 30 (40 %) chose Llama-2, see Table 3.")
    >>> [one.text for one in found], {rule: n for rule, n in aside.items() if n}
    (['12', '30', '40 %'], {'sections, figures, tables, pages': 1, 'dates and years': 1, 'names': 1})
    """
    aside = {}
    for rule, pattern in SET_ASIDE.items():
        before = len(re.findall(r"\d+", text))
        text = blanked(text, pattern)
        aside[rule] = before - len(re.findall(r"\d+", text))
    return [*_numbers(text)], aside


def _numbers(text: str) -> Iterator[Number]:
    for match in NUMBER.finditer(text):
        yield Number(*match.span(), match[0])
