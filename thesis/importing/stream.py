"""Reading an export in pieces: never the whole file, and never an excerpt of it in a message."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Self

import ijson

from stages.common.errors import UserError

MAX_ITEM_BYTES = 24 * 2**20
"""Of one conversation: with it, the import stays below 300 MB of memory."""
MAX_DEPTH = 500
_PIECE = 2**16
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


class Metered:
    """A file that counts what is read, and stops within an item that is larger than MAX_ITEM_BYTES."""

    def __init__(self, file: IO[bytes], name: str, advance: Callable[[int], object]) -> None:
        self.name = name
        self._file, self._advance = file, advance
        self._position = self._mark = 0
        self._start = self._first()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _first(self) -> bytes:
        """The first piece, without byte order mark; UserError if it is not UTF-8 at all."""
        start = self._file.read(_PIECE)
        if start.startswith(_BOMS) or b"\0" in start[:4]:
            raise UserError(f"{self.name}: UTF-16, not UTF-8 {_AS_IT_CAME}")
        return start.removeprefix(codecs.BOM_UTF8)

    def mark(self) -> None:
        """An item ends here."""
        self._mark = self._position

    def first_sign(self) -> bytes:
        """The first byte that is not blank; b"" in an empty file."""
        return self._start.lstrip()[:1]

    def read(self, size: int = -1) -> bytes:
        if size == 0:  # asked by ijson to see whether the file is binary
            return b""
        data, self._start = self._start or self._file.read(_PIECE), b""
        self._position += len(data)
        self._advance(len(data))
        if self._position - self._mark > MAX_ITEM_BYTES:
            raise too_large(self.name)
        return data

    def texts(self) -> Iterator[str]:
        """The pieces as text."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        while data := self.read():
            try:
                yield decoder.decode(data)
            except UnicodeDecodeError as error:
                place = self._position - len(data) + error.start
                raise UserError(f"{self.name}: byte {place} is not UTF-8 {_AS_IT_CAME}") from None


_AS_IT_CAME = "(saved by an editor?)\nTake the file as it came from the product, best the zip itself"


def too_large(name: str) -> UserError:
    return UserError(
        f"{name}: one conversation or activity is larger than {MAX_ITEM_BYTES // 2**20} MB\n"
        "That is not read. Delete it on the chat page and export again, "
        "or paste the answers by hand: thesis prompts"
    )


def json_items(opened: Callable[[], Metered]) -> Iterator[Any]:
    """The conversations of a JSON file: of a list, of an object's list `conversations`, or one object.

    Args:
        opened: opens the file anew; it is read again to find the place of a mistake.
    """
    try:
        with opened() as file:
            for item in _items(ijson.basic_parse(file, buf_size=_PIECE), file.name):
                file.mark()
                yield item
    except ijson.JSONError:
        raise UserError(f"{_place(opened)}\n{_BROKEN}") from None


def _items(events: Iterable[tuple[str, Any]], name: str) -> Iterator[Any]:
    """`ijson.items` ends the process where lists are nested 100,000 deep; this refuses them."""
    stack: list[Any] = []
    keys: list[str] = []
    n_items = 0
    for event, value in events:
        if event == "map_key":
            keys[-1] = value
        elif event in ("start_map", "start_array"):
            if len(stack) == MAX_DEPTH:
                raise UserError(f"{name}: nested deeper than {MAX_DEPTH} levels: no export of a product")
            stack.append({} if event == "start_map" else [])
            keys.append("")
        else:
            if event in ("end_map", "end_array"):
                value = stack.pop()
                keys.pop()
            if _holds_items(stack, keys) or (not stack and isinstance(value, dict) and not n_items):
                n_items += 1
                yield value
            elif stack:
                _put(stack[-1], keys[-1], value)


def _holds_items(stack: list[Any], keys: list[str]) -> bool:
    is_list = bool(stack) and isinstance(stack[-1], list)
    return is_list and (len(stack) == 1 or (len(stack) == 2 and keys[0] == "conversations"))


def _put(container: Any, key: str, value: Any) -> None:
    if isinstance(container, list):
        container.append(value)
    else:
        container[key] = value


_BROKEN = "The export is damaged or was not downloaded to its end: download it again"


def _place(opened: Callable[[], Metered]) -> str:
    """Where the JSON breaks; the library's own message would quote the export."""
    with opened() as file:
        n_good = _good_pieces(file)
    parser, decoder, line, column = _parser(), codecs.getincrementaldecoder("utf-8")(), 1, 0
    with opened() as file:
        for _ in range(n_good):
            piece = file.read()
            file.mark()
            parser.send(piece)
            decoder.decode(piece)
            line, column = _after(piece, line, column)
        for byte in file.read():
            try:
                decoder.decode(bytes([byte]))
                parser.send(bytes([byte]))
            except (UnicodeDecodeError, ijson.JSONError) as error:
                wrong = "not JSON" if isinstance(error, ijson.JSONError) else f"not UTF-8 {_AS_IT_CAME}"
                return f"{file.name}:{line}:{column + 1}: {wrong}"
            line, column = _after(bytes([byte]), line, column)
    return f"{file.name}:{line}:{column + 1}: the JSON ends before it is complete"


def _good_pieces(file: Metered) -> int:
    """How many pieces are read without a mistake."""
    parser, n = _parser(), 0
    while piece := file.read():
        file.mark()
        try:
            parser.send(piece)
        except ijson.JSONError:
            break
        n += 1
    return n


def _parser() -> Any:
    class Nowhere:
        def send(self, event: object) -> None: ...

    return ijson.basic_parse_coro(Nowhere())


def _after(piece: bytes, line: int, column: int) -> tuple[int, int]:
    n_lines = piece.count(b"\n")
    last = piece[piece.rfind(b"\n") + 1 :] if n_lines else piece
    n_characters = sum(byte & 0xC0 != 0x80 for byte in last)
    return line + n_lines, n_characters + (0 if n_lines else column)
