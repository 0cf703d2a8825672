"""Reading an export in pieces: never the whole file, and never an excerpt of it in a message."""

import codecs
from collections.abc import Callable, Iterator
from typing import IO, Self

from stages.shell.errors import UserError
from thesis.importing.pieces import Halves, LongTexts

MAX_ITEM_BYTES = 24 * 2**20
"""Of one conversation that is read: with it, the import stays below 300 MB of memory."""
PIECE = 2**16
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


class Metered:
    """A file that counts what is read; it knows whether the item is larger than MAX_ITEM_BYTES."""

    def __init__(self, file: IO[bytes], name: str, advance: Callable[[int], object]) -> None:
        self.name = name
        self._file, self._advance = file, advance
        self._position = self._mark = 0
        self._halves, self._long_texts = Halves(), LongTexts(MAX_ITEM_BYTES)
        self._start = self._first()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _first(self) -> bytes:
        """The first piece, without byte order mark; UserError if it is not UTF-8 at all."""
        start = self._file.read(PIECE)
        if start.startswith(_BOMS) or b"\0" in start[:4]:
            self._file.close()
            raise UserError(f"{self.name}: UTF-16, not UTF-8 {AS_IT_CAME}")
        return start.removeprefix(codecs.BOM_UTF8)

    def mark(self) -> None:
        """An item ends here."""
        self._mark = self._position

    def first_sign(self) -> bytes:
        """The first byte that is not blank; b"" in an empty file."""
        return self._start.lstrip()[:1]

    @property
    def item_is_too_large(self) -> bool:
        return self._position - self._mark > MAX_ITEM_BYTES

    def read(self, size: int = -1) -> bytes:
        """The next piece for a parser of JSON."""
        if size == 0:  # asked by ijson to see whether the file is binary
            return b""
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


AS_IT_CAME = "(saved by an editor?)\nTake the file as it came from the product, best the zip itself"


def too_large(name: str) -> UserError:
    return UserError(
        f"{name}: one activity is larger than {MAX_ITEM_BYTES // 2**20} MB\n"
        "That is not read. Delete it on the chat page and export again, "
        "or paste the answers by hand: thesis prompts"
    )
