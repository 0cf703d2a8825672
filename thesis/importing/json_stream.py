"""The conversations of a JSON file, one after the other; and where the file breaks."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import ijson

from stages.shell.errors import UserError
from thesis.importing.stream import AS_IT_CAME, MAX_ITEM_BYTES, PIECE, Metered
from thesis.importing.turns import Named

MAX_DEPTH = 500


@dataclass(frozen=True)
class TooLarge:
    """Stands in the place of a conversation that is larger than is read."""

    number: int
    """Its place in the file, from 1."""

    def named(self, file: str) -> Named:
        return Named(
            f"conversation {self.number} of {file}, larger than {MAX_ITEM_BYTES // 2**20} MB, "
            "is not read: paste its answers by hand"
        )


def json_items(opened: Callable[[], Metered]) -> Iterator[Any]:
    """The conversations of a JSON file: of a list, of an object's list `conversations`, or one object.

    Args:
        opened: opens the file anew; it is read again to find the place of a mistake.
    """
    try:
        with opened() as file:
            yield from _items(ijson.basic_parse(file, buf_size=PIECE), file)
    except ijson.JSONError:
        raise UserError(f"{_place(opened)}\n{_BROKEN}") from None


def _items(events: Iterable[tuple[str, Any]], file: Metered) -> Iterator[Any]:
    """`ijson.items` ends the process where lists are nested 100,000 deep; this refuses them."""
    stack: list[Any] = []
    keys: list[str] = []
    n_items = 0
    too_large = False
    for event, value in events:
        if file.item_is_too_large:
            too_large = True
            for container in stack:  # the keys stay: they tell whether an item ends
                container.clear()
        if event == "map_key":
            keys[-1] = value
        elif event in ("start_map", "start_array"):
            if len(stack) == MAX_DEPTH:
                raise UserError(f"{file.name}: nested deeper than {MAX_DEPTH} levels: no export of a product")
            if _holds_items(stack, keys):
                file.mark()
                too_large = False
            stack.append({} if event == "start_map" else [])
            keys.append("")
        else:
            if event in ("end_map", "end_array"):
                value = stack.pop()
                keys.pop()
            if _holds_items(stack, keys) or (not stack and isinstance(value, dict) and not n_items):
                n_items += 1
                yield TooLarge(n_items) if too_large else value
                file.mark()
                too_large = False
            elif stack and not too_large:
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
                wrong = "not JSON" if isinstance(error, ijson.JSONError) else f"not UTF-8 {AS_IT_CAME}"
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
