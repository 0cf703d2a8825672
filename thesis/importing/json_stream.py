"""The conversations of a JSON file one after the other, and the place of a mistake in it."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import ijson

from stages.shell.errors import UserError
from thesis.importing.stream import AS_IT_CAME, MAX_ITEM_BYTES, PIECE, Metered

MAX_JSON_LEVELS = 500


@dataclass(frozen=True)
class TooLarge:
    """Takes the place of a conversation that is too large to be read."""

    number: int
    """Position in the file, from 1."""

    def reason(self, file: str) -> str:
        return (
            f"conversation {self.number} of {file}, larger than {MAX_ITEM_BYTES // 2**20} MB, "
            "is not read: paste its answers by hand"
        )


def json_items(opened: Callable[[], Metered]) -> Iterator[Any]:
    """The items of a list or of an object's list `conversations`; of any other file, its one object.

    Args:
        opened: opens the file; it is read again to find the place of a mistake.
    """
    with opened() as file:
        try:
            yield from _items(ijson.basic_parse(file, buf_size=PIECE), file)
        except ijson.JSONError:
            place = _place(opened, file.n_pieces - 1)
            raise UserError(
                f"{place}\nThe export is damaged or was not downloaded to its end: download it again"
            ) from None


def _items(events: Iterable[tuple[str, Any]], file: Metered) -> Iterator[Any]:
    """Build the items of the parser's events; `ijson.items` crashes on lists nested 100,000 deep."""
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
            if len(stack) == MAX_JSON_LEVELS:
                raise UserError(
                    f"{file.name}: nested deeper than {MAX_JSON_LEVELS} levels: no official export is"
                )
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
            elif stack and not too_large and isinstance(stack[-1], list):
                stack[-1].append(value)
            elif stack and not too_large:
                stack[-1][keys[-1]] = value


def _holds_items(stack: list[Any], keys: list[str]) -> bool:
    is_list = bool(stack) and isinstance(stack[-1], list)
    return is_list and (len(stack) == 1 or (len(stack) == 2 and keys[0] == "conversations"))


def _place(opened: Callable[[], Metered], n_good: int) -> str:
    """Where the JSON breaks after `n_good` pieces; the library's own message would quote the export."""

    class Nowhere:
        def send(self, event: object) -> None: ...

    parser, decoder = ijson.basic_parse_coro(Nowhere()), codecs.getincrementaldecoder("utf-8")()
    line, column = 1, 0
    with opened() as file:
        for number in range(n_good + 1):
            piece = file.read()
            file.mark()
            for part in [piece] if number < n_good else [bytes([byte]) for byte in piece]:
                try:
                    decoder.decode(part)
                    parser.send(part)
                except (UnicodeDecodeError, ijson.JSONError) as error:
                    wrong = "not JSON" if isinstance(error, ijson.JSONError) else f"not UTF-8 {AS_IT_CAME}"
                    return f"{file.name}:{line}:{column + 1}: {wrong}"
                below = part.rpartition(b"\n")
                line += part.count(b"\n")
                n_characters = sum(byte & 0xC0 != 0x80 for byte in below[2])
                column = n_characters + (0 if below[1] else column)
    return f"{file.name}:{line}:{column + 1}: the JSON ends before it is complete"
