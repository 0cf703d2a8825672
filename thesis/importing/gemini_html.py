"""Gemini's My Activity as HTML, read in pieces: `div.outer-cell` > `div.content-cell…body-1`.

That cell holds, one below the other, the prompt, the names of attached files and of a Gem, the date, and the
answer. Another cell ("Details") links to the conversation; a link in the answer does not.
"""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import takewhile

from thesis.importing.activity import Activity, chats_among, files_among, is_gemini, names_gem
from thesis.importing.json_stream import TooLarge
from thesis.importing.moments import MAX_LENGTH, Moment, moment_of
from thesis.importing.page_text import PageText, tidy
from thesis.importing.stream import MAX_ITEM_BYTES, Metered, too_large
from thesis.importing.turns import Unread, iso_date

_DATED = re.compile(rf"(?=.*\d{{4}}).{{8,{MAX_LENGTH}}}")
"""A line that may hold a date."""
MAX_TAG = 8 * 2**20
_MAX_HEAD = 40
"""Number of characters: "Attached 1 file." is shorter in any language."""


class Cards(HTMLParser):
    """Collects the activities of cards; `taken()` returns those since its last call."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.n_cards = 0
        self.is_whole = False
        """Whether the page has been closed."""
        self._found: list[Activity | str] = []
        self._divs: list[PageText | None] = []
        """The open tags from that of the card on, each with the text that it belongs to."""
        self._begin()

    def _begin(self) -> None:
        self._body, self._header = PageText(), PageText()
        self._links: list[tuple[str, int]] = []
        """Addresses, each with its place in the body; -1 is outside."""

    @property
    def _into(self) -> PageText | None:
        return self._divs[-1] if self._divs else None

    def taken(self) -> list[Activity | str]:
        found, self._found = self._found, []
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        classes = (named.get("class") or "").split()
        if tag == "div" and (self._divs or "outer-cell" in classes):
            if not self._divs:
                self._begin()
            self._divs.append(self._into or self._text_of(classes))
        if self._divs and tag == "a" and named.get("href"):
            inside = self._into is self._body
            self._links.append((named["href"] or "", len(self._body.parts) if inside else -1))
        if self._into is not None:
            self._into.handle_starttag(tag)

    def _text_of(self, classes: list[str]) -> PageText | None:
        """The text of a cell; None for a cell that is not read."""
        body = "content-cell" in classes and any(name.endswith("--body-1") for name in classes)
        if body and not any(name.endswith("text-right") for name in classes):
            return self._body
        return self._header if "header-cell" in classes else None

    def handle_endtag(self, tag: str) -> None:
        self.is_whole = self.is_whole or tag == "html"
        if self._into is not None:
            self._into.handle_endtag(tag)
        if tag != "div" or not self._divs:
            return
        self._divs.pop()
        if not self._divs:
            self.n_cards += 1
            if self._body.size > MAX_ITEM_BYTES:
                self._found.append(TooLarge(self.n_cards).reason(self.name))
            elif is_gemini([tidy(self._header.lines())]):
                self._found.append(_activity(self._body, self._links))

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.handle_data(data)
            if self._into.size > MAX_ITEM_BYTES:
                self._into.parts.clear()


def html_activities(file: Metered) -> Iterator[Activity | str]:
    """The activities of all cards; memory holds one card at a time."""
    cards = Cards(file.name)
    for text in file.texts():
        cards.feed(text)
        if len(cards.rawdata) > MAX_TAG:
            raise too_large(file.name)
        file.mark()
        yield from cards.taken()
    cards.close()
    yield from cards.taken()
    if not cards.is_whole:
        yield Unread.CUT


def _activity(body: PageText, links: Sequence[tuple[str, int]]) -> Activity | Unread:
    lines = [line.strip() for line in body.lines()]
    top = next((place for place, line in enumerate(lines) if line), 0)
    place, moment = _dated(lines, top)
    if moment is None:
        return Unread.ACTIVITY
    ends = body.line_ends()
    lined = [(url, ends[at] if at >= 0 else -1) for url, at in links]
    titles, below = _titles(lines[:place], {line for _, line in lined})
    outside = [url for url, line in lined if line < 0]
    inside = [url for url, line in lined if 0 <= line < place]
    return Activity(
        moment=lines[place],
        at=moment.at,
        date=iso_date(lines[place]) or (moment.day.isoformat() if moment.day else None),
        clock=moment.clock,
        title=titles[-1],
        answers=tuple(filter(None, [tidy(body.lines()[place + 1 :])])),
        chats=chats_among(outside) or chats_among(url for url, line in lined if line == top),
        attached=files_among((*below, *inside, *outside)),
        gem=names_gem((*outside, *inside), below),
        longer_titles=tuple(re.sub(r"[^\S\n]+", " ", title) for title in titles[-2::-1]),
    )


def _dated(lines: list[str], top: int) -> tuple[int, Moment | None]:
    """The first dated line below the top, and its moment; a time with seconds and a known day goes first."""
    dated = [(place, line) for place, line in enumerate(lines) if place > top and _DATED.fullmatch(line)]
    for seconds in (True, False):
        found = ((place, moment_of(line, seconds)) for place, line in dated)
        known = [(place, moment) for place, moment in found if moment and (seconds or moment.day)]
        if known:
            return next((one for one in known if one[1].day), known[0])
    return 0, None


def _titles(lines: list[str], linked: set[int]) -> tuple[list[str], list[str]]:
    """The typed text, last, and before it the texts with more of the lines below it; then those lines.

    They are "Attached 1 file.", "- a.json", "Tidy Helper was used …"; a prompt may end in such a line too.
    """
    kept = [(place, line) for place, line in enumerate(lines) if line]
    titles, below = ["\n".join(line for _, line in kept)], list[str]()
    while n := _n_below(kept, linked):
        below = [line for _, line in kept[-n:]] + below
        del kept[-n:]
        titles.append("\n".join(line for _, line in kept))
    return titles, below


def _n_below(lines: list[tuple[int, str]], linked: set[int]) -> int:
    """Number of lines at the end that are no part of the prompt; the first line always is part of it."""
    ended = lines[:0:-1]
    with_link = sum(1 for _ in takewhile(lambda line: line[0] in linked, ended))
    listed = sum(1 for _ in takewhile(lambda line: line[0] in linked or line[1].startswith("-"), ended))
    head = ended[listed][1] if listed < len(ended) else ""
    return listed + 1 if listed and re.search(r"\d", head) and len(head) <= _MAX_HEAD else with_link
