"""Turn the HTML of an answer into the text that a person would copy from the page."""

import re
from html.parser import HTMLParser
from itertools import accumulate

_BLOCKS = frozenset(
    {"address", "article", "blockquote", "dd", "div", "dl", "dt", "figure", "hr", "ol", "p", "ul"}
)
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "section", "table", "tr"}
_SILENT = frozenset({"script", "style"})
DOCUMENT = "immersive_entry_chip"
"""Gemini's sign for a document beside the chat: an answer with it is only a sentence about the document."""


class PageText(HTMLParser):
    """The text of the HTML that was fed so far."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.size = 0
        self._pre = self._silent = 0

    def handle_starttag(self, tag: str, attrs: object = ()) -> None:
        self._pre += tag == "pre"
        self._silent += tag in _SILENT
        if tag in ("br", "pre", "li") or tag in _BLOCKS:
            self.parts.append({"pre": "\n\n```\n", "li": "\n- ", "br": "\n", "tr": "\n"}.get(tag, "\n\n"))
        elif tag in ("td", "th"):
            self.parts.append(" | ")
        elif tag == DOCUMENT:
            self.parts.append(f"\n\n{DOCUMENT}\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre" and self._pre:
            self._pre -= 1
            self.parts.append("\n```\n\n")
        elif tag in _SILENT and self._silent:
            self._silent -= 1
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.size += len(data)
            self.parts.append(data if self._pre else re.sub(r"\s+", " ", data))

    def lines(self) -> list[str]:
        return "".join(self.parts).split("\n")

    def line_ends(self) -> list[int]:
        """The line in which the next part begins, for each number of parts."""
        return [0, *accumulate(part.count("\n") for part in self.parts)]


def text_of_html(html: str) -> str:
    r"""The text of HTML: an empty line between paragraphs, code unchanged between fences.

    >>> text_of_html("<p>Here  it is:</p><pre><code>{&quot;a&quot;:  1}\n</code></pre>")
    'Here it is:\n\n```\n{"a":  1}\n```'
    """
    text = PageText()
    text.feed(html)
    text.close()
    return tidy(text.lines())


def tidy(lines: list[str]) -> str:
    """Join lines without the blanks around them and without repeated empty lines; code keeps both."""
    kept: list[str] = []
    in_code = False
    for line in lines:
        fence = line.strip() == "```"
        in_code ^= fence
        clean = line.rstrip() if in_code and not fence else line.strip()
        if clean or (in_code and kept[-1] != "```") or (kept and kept[-1] and not in_code):
            kept.append(clean)
        if fence and not in_code:
            while len(kept) > 2 and not kept[-2]:  # <code> ends with a newline
                del kept[-2]
    return "\n".join(kept).strip()
