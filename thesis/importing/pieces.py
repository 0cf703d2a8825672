"""Repairs of a file's pieces before they are parsed; each remembers what the last piece began."""

import re

_SURROGATE = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]")
_BEGUN = re.compile(rb"\xed(?:[\xa0-\xbf]|[\xa0-\xaf][\x80-\xbf](?:\xed[\xb0-\xbf]?)?)?\Z")


class Halves:
    """Joins characters that some writers of JSON write in two halves, which is not UTF-8.

    >>> halves = Halves()
    >>> (halves.joined(b"a\\xed\\xa0\\xbd\\xed") + halves.joined(b"\\xb8\\x82b")).decode()
    'a😂b'
    """

    def __init__(self) -> None:
        self._begun = b""

    def joined(self, piece: bytes) -> bytes:
        """The piece without a character begun at its end; an empty piece gives the rest."""
        whole, self._begun = self._begun + piece, b""
        if piece and b"\xed" in whole[-5:] and (begun := _BEGUN.search(whole)):
            whole, self._begun = whole[: begun.start()], begun[0]
        return _SURROGATE.sub(_character, whole) if b"\xed" in whole else whole


def _character(halves: re.Match[bytes]) -> bytes:
    """The character of two halves; for a single half, the replacement character."""
    text = halves[0].decode("utf-8", "surrogatepass")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


_ESCAPE_BEGUN = re.compile(rb"\\(?:u[0-9a-fA-F]{0,3})?")
_CLOSING = re.compile(rb'(?:[^"\\]|\\.)*+"', re.DOTALL)
_REST_OF_CHARACTER = re.compile(rb"[\x80-\xbf]*")


class LongTexts:
    """Cuts a JSON file's texts longer than `limit` bytes, which the parser would hold in memory.

    >>> LongTexts(3).cut(b'["a", "'), LongTexts(3).cut(b'"b"')
    (b'["a", "', b'"b"')
    """

    def __init__(self, limit: int) -> None:
        self._limit, self._length = limit, 0
        self._inside = self._cutting = False
        self._begun = b""

    def cut(self, piece: bytes) -> bytes:
        """The piece without the end of a long text; an empty piece gives the rest."""
        whole, self._begun = self._begun + piece, b""
        if piece and b"\\" in whole[-6:] and (begun := _escape_begun(whole)):
            whole, self._begun = whole[:-begun], whole[-begun:]
        n_quotes = whole.replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"')
        if self._inside and not n_quotes:
            return self._within(whole)
        if self._cutting and (closing := _CLOSING.match(whole)):
            whole = whole[closing.end() - 1 :]
        self._inside, self._cutting, self._length = self._inside ^ bool(n_quotes % 2), False, 0
        return whole

    def _within(self, whole: bytes) -> bytes:
        self._length += len(whole)
        if self._cutting:
            return b""
        self._cutting = self._length > self._limit
        return _REST_OF_CHARACTER.match(whole)[0] if self._cutting else whole  # type: ignore[index]


def _escape_begun(piece: bytes) -> int:
    """Number of bytes at the end that begin an escape.

    >>> _escape_begun(b"a\\\\u00"), _escape_begun(b"a\\\\\\\\"), _escape_begun(b"a")
    (4, 0, 0)
    """
    last = piece.rfind(b"\\")
    n_backslashes = last + 1 - len(piece[: last + 1].rstrip(b"\\"))
    begun = _ESCAPE_BEGUN.fullmatch(piece[last:])
    return len(piece) - last if n_backslashes % 2 and begun else 0
