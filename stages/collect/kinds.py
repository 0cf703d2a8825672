"""Detection of files that are not plain text, whatever their name: documents, web pages, pictures."""

import codecs
import re

_BINARY = {
    b"PK\x03\x04": "a zip or a file of Word, Pages or Excel",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"%PDF": "a PDF",
    b"bplist00": "a web archive of Safari",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_RTF = re.compile(r"\s*\{\\rtf")
_PAGE_TAGS = (
    "article|aside|body|br|button|code|div|figure|footer|h[1-6]|head|header|hr|html|img|li|link|main|meta|nav|ol|"
    "p|pre|script|section|span|style|svg|table|title|ul|[a-z]+-[a-z-]+"
)
_HTML = re.compile(rf"\s*<(?:!doctype\b|!--|\?xml\b|(?:{_PAGE_TAGS})(?:\s[^<>]*)?>)", re.IGNORECASE)
_ENTITY = r"&(?:quot|apos|nbsp|#34|#39|#x22|#x27|#xa0|#160);"
_COLORED = re.compile(rf"\{{\s*(?:{_ENTITY}|<(?:span|br)\b[^<>]*>)", re.IGNORECASE)
"""A brace and a key in the source of a web page."""
_SAVED_PAGE = re.compile(r"(?:MIME-Version:|From: <Saved by )", re.IGNORECASE)

PLAIN = "save it as plain text (in TextEdit: Format → Make Plain Text), as UTF-8"
SHOWN = "paste the text that the page shows, not its source"


def wrong_bytes(start: bytes) -> str | None:
    """Kind of a file that is not UTF-8 text, by its first bytes, and what to do.

    >>> wrong_bytes(b"%PDF-1.7"), wrong_bytes(b'{"age": 34}')
    ('is a PDF, not plain text; paste the text itself into a new file', None)
    """
    for magic, kind in _BINARY.items():
        if start.startswith(magic):
            return f"is {kind}, not plain text; paste the text itself into a new file"
    if start.startswith(_UTF_16) or b"\0" in start:
        return "is UTF-16 or no text at all; save it as UTF-8"
    return None


def wrong_markup(text: str) -> str | None:
    """Kind of a text that is the source of something else, and what to do.

    >>> wrong_markup('{\\\\rtf1 \\\\{"age": 34\\\\}}'), wrong_markup("Here <b>she</b> is:")
    ('is RTF, not plain text; save it as plain text (in TextEdit: Format → Make Plain Text), as UTF-8', None)
    """
    if _RTF.match(text):
        return f"is RTF, not plain text; {PLAIN}"
    if _HTML.match(text) or _COLORED.search(text) or _SAVED_PAGE.match(text):
        return f"is the source of a web page (HTML), not its text; {SHOWN}"
    return None
