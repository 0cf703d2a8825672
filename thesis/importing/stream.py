"""An export's file in pieces: never the whole file, and never an excerpt of it in a message."""

import codecs
from collections.abc import Callable, Iterator
from typing import IO, Self

from stages.shell.errors import UserError
from thesis.importing.pieces import Halves, LongTexts

MAX_ITEM_BYTES = 24 * 2**20
"""Size of the largest conversation that is read: the import then needs less than 300 MB of memory."""
PIECE = 2**16
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
AS_IT_CAME = "(saved by an editor?)\nTake the file as it came from the product, preferably the zip itself"


class Metered:
    """A file that counts its bytes while it is read, and so knows when an item is too large."""

    def __init__(self, file: IO[bytes], name: str, advance: Callable[[int], object] = lambda _: None) -> None:
        """Read the first piece; UserError if it cannot be UTF-8."""
        self.name = name
        self.n_pieces = 0
        """Number of calls of `read`."""
        self._file, self._advance = file, advance
        self._position = self._mark = 0
        self._halves, self._long_texts = Halves(), LongTexts(MAX_ITEM_BYTES)
        start = file.read(PIECE)
        if start.startswith(_BOMS) or b"\0" in start[:4]:
            file.close()
            raise UserError(f"{name}: UTF-16, not UTF-8 {AS_IT_CAME}")
        self._start = start.removeprefix(codecs.BOM_UTF8)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def mark(self) -> None:
        """Begin a new item here."""
        self._mark = self._position

    def first_sign(self) -> bytes:
        """The first byte that is not blank; b"" in an empty file."""
        return self._start.lstrip()[:1]

    @property
    def item_is_too_large(self) -> bool:
        return self._position - self._mark > MAX_ITEM_BYTES

    def read(self, size: int = -1) -> bytes:
        """The next piece for a parser of JSON."""
        if size == 0:  # ijson asks whether the file is binary
            return b""
        self.n_pieces += 1
        while piece := self._piece():
            if kept := self._long_texts.cut(piece):
                return kept
        return self._long_texts.cut(b"")

    def _piece(self) -> bytes:
        """The next piece; b"" at the end."""
        while True:
            data, self._start = self._start or self._file.read(PIECE), b""
            self._position += len(data)
            self._advance(len(data))
            joined = self._halves.joined(data)
            if joined or not data:
                return joined

    def texts(self) -> Iterator[str]:
        """The pieces as text."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        while True:
            piece = self._piece()
            if self.item_is_too_large:
                raise too_large(self.name)
            try:
                yield decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                place = max(0, self._position - len(error.object) + error.start)
                raise UserError(f"{self.name}: byte {place} is not UTF-8 {AS_IT_CAME}") from None
            if not piece:
                return


def too_large(name: str) -> UserError:
    return UserError(
        f"{name}: one activity is larger than {MAX_ITEM_BYTES // 2**20} MB, which is not read\n"
        "Delete it on the chat page and export again, or paste the answers by hand: thesis prompts"
    )
