"""Text and provenance of a pasted-answer file; a file that is not plain text is refused by its kind."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stages.collect.folder import AnswerFile
from stages.collect.header import read_provenance, split_header
from stages.common.files import read_text
from stages.common.pasted import Provenance
from stages.common.shown import on_one_line
from stages.shell.errors import UserError
from stages.shell.special import CONFLICT, check_regular

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


@dataclass(frozen=True)
class ReadAnswer:
    """A pasted answer without its header."""

    file: AnswerFile
    text: str
    provenance: Provenance


def read_answer(file: AnswerFile) -> ReadAnswer:
    """The answer and its provenance, from its header or from the file beside it.

    Raises:
        UserError: no plain text, an unfinished merge, a header with mistakes or in .json, or a header and
            a file beside it.
    """
    whole = read_utf8(file.path)
    with _at(file.path):
        _refuse_unmerged(whole)
        header, content = split_header(whole)
        if wrong := wrong_markup(content):
            raise UserError(wrong)
    if header is None:
        return ReadAnswer(file, content, _beside(file.sidecar))
    if file.path.suffix.lower() == ".json":
        raise UserError(
            f"{file.path}: has a header, which .json cannot have; rename it to {file.path.stem}.md"
        )
    if file.sidecar is not None:
        beside = f"{file.sidecar.name} lies beside it"
        raise UserError(f"{file.path}: has a header, and {beside}; keep one of the two")
    with _at(file.path):
        return ReadAnswer(file, content, read_provenance(header))


def _refuse_unmerged(text: str) -> None:
    """UserError if git left two versions of an answer in one file: both would be counted."""
    if {mark[0][0] for mark in CONFLICT.finditer(text)} >= {*"<=>"}:
        raise UserError(
            "a merge was not finished; keep one side's lines and delete the marks (<<<<<<<, =======, >>>>>>>)"
        )


def _beside(sidecar: Path | None) -> Provenance:
    if sidecar is None:
        return Provenance()
    text = read_utf8(sidecar)
    with _at(sidecar):
        return read_provenance(text)


@contextmanager
def _at(path: Path) -> Iterator[None]:
    """Name the file in the message of a mistake."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{on_one_line(str(path))}: {error}") from None


def read_utf8(path: Path) -> str:
    """The text of a file with ends of lines as \\n; UserError names what it is if it is no text."""
    check_regular(path)
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if wrong := wrong_bytes(start):
        raise UserError(f"{path}: {wrong}")
    return read_text(path)


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
