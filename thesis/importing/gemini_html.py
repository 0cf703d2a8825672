"""Gemini's My Activity as HTML, read in pieces: `div.outer-cell` > `div.content-cell…body-1`.

In that cell stand the prompt, the names of attached files, the date, and the answer, one below the other.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from thesis.importing.gemini import activity_turns, is_gemini
from thesis.importing.page_text import PageText, tidy
from thesis.importing.stream import MAX_ITEM_BYTES, Metered, too_large
from thesis.importing.turns import Turn, Unread, iso_date

_MOMENT = re.compile(r"(?=.*\d{4})(?=.*\d{1,2}:\d{2}:\d{2}).{8,60}")
"""A line with a year and a time: the date, in any language."""
_ENGLISH = re.compile(r"([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4}),")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAX_TAG = 8 * 2**20


class Cards(HTMLParser):
    """Collects the turns of the cards that have been closed since the last `taken()`."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.n_cards = 0
        self.is_whole = False
        """Whether the page has been closed."""
        self._turns: list[Turn] = []
        self._depth = 0
        self._begin()

    def _begin(self) -> None:
        self._body, self._header = PageText(), PageText()
        self._into: PageText | None = None
        self._into_depth = 0
        self._link = ""

    def taken(self) -> list[Turn]:
        turns, self._turns = self._turns, []
        return turns

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        classes = (named.get("class") or "").split()
        if tag == "div" and (self._depth or "outer-cell" in classes):
            if not self._depth:
                self._begin()
            self._depth += 1
            self._enter(classes)
        if self._depth and tag == "a" and "gemini.google.com/app/" in (named.get("href") or ""):
            self._link = self._link or (named["href"] or "")
        if self._into is not None:
            self._into.start(tag)

    def _enter(self, classes: list[str]) -> None:
        if self._into is not None:
            return
        body = "content-cell" in classes and any(name.endswith("--body-1") for name in classes)
        if body and not any(name.endswith("text-right") for name in classes):
            self._into, self._into_depth = self._body, self._depth
        elif "header-cell" in classes:
            self._into, self._into_depth = self._header, self._depth

    def handle_endtag(self, tag: str) -> None:
        self.is_whole = self.is_whole or tag == "html"
        if self._into is not None:
            self._into.end(tag)
        if tag != "div" or not self._depth:
            return
        if self._into is not None and self._depth == self._into_depth:
            self._into = None
        self._depth -= 1
        if not self._depth:
            self.n_cards += 1
            self._turns += _turns(self._header.lines(), self._body.lines(), self._link)

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.data(data)
            if self._into.size > MAX_ITEM_BYTES:
                raise too_large(self.name)


def html_turns(file: Metered) -> Iterator[Turn | Unread]:
    """The turns of all cards; the memory needed is that of one card."""
    cards = Cards(file.name)
    for text in file.texts():
        cards.feed(text)
        if len(cards.rawdata) > _MAX_TAG:
            raise too_large(file.name)
        file.mark()
        yield from cards.taken()
    cards.close()
    yield from cards.taken()
    if not cards.is_whole:
        yield Unread.CUT


def _turns(header: list[str], body: list[str], link: str) -> list[Turn]:
    lines = [line.strip() for line in body]
    place = next((i for i, line in enumerate(lines) if i and _MOMENT.fullmatch(line)), None)
    if place is None or not is_gemini([tidy(header)]):
        return []
    title, attached = _title(lines[:place])
    return list(
        activity_turns(
            title,
            attached,
            [tidy(body[place + 1 :])],
            date=_date(lines[place]),
            moment=lines[place],
            link=link,
        )
    )


def _title(lines: list[str]) -> tuple[str, list[str]]:
    """What was typed, without the list of attached files at its end: "Attached 1 file.", "- a.json"."""
    lines = [line for line in lines if line]
    n_files = next((n for n, line in enumerate(reversed(lines)) if not line.startswith("-")), 0)
    head = lines[-n_files - 1] if n_files < len(lines) else ""
    if not n_files or not re.search(r"\d", head) or len(head) > 40:
        return "\n".join(lines), []
    files = [line.lstrip("-–• \xa0") for line in lines[len(lines) - n_files :]]
    return "\n".join(lines[: -n_files - 1]), files


def _date(moment: str) -> str | None:
    """ISO 8601; the day alone where the line is English and its zone is a word; else None."""
    english = _ENGLISH.match(moment)
    if english and english[1] in _MONTHS:
        return f"{english[3]}-{_MONTHS.index(english[1]) + 1:02d}-{int(english[2]):02d}"
    return iso_date(moment)
