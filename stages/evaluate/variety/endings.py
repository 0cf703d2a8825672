"""Sort all endings of many texts without a copy of each: memory grows with their characters."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from stages.evaluate.arrays import Places

SEPARATOR, INSTEAD = "\U0010ffff", "\ufffd"
"""After each text: a number that Unicode gives no character. In a text it is read as unknown."""


class Endings:
    """A suffix array (Manber & Myers 1993) of texts, each of which belongs to an owner."""

    def __init__(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        self._all = "".join(searchable(text) + SEPARATOR for text in texts)
        order = _sorted_starts(self._all, max(map(len, texts), default=0) + 1)
        ends = np.cumsum([len(text) + 1 for text in texts])
        numbers = {owner: i for i, owner in enumerate(dict.fromkeys(owners))}
        of_texts = np.array([numbers[owner] for owner in owners], np.int32)
        found = of_texts[np.searchsorted(ends, order, side="right")] if len(order) else of_texts
        changes = np.flatnonzero(np.diff(found)) + 1
        self._numbers = numbers
        # memoryviews give whole numbers of Python, far faster than NumPy's one by one
        self._starts, self._owners = order.astype(np.int32).data, found.data
        self._changes = changes.astype(np.int32).data

    def neighbors(self, ending: str, but: str | None = None) -> list[int]:
        """Where the endings next to this one in order begin, of others than `but`: at most two."""
        n = len(ending)
        place = bisect_left(self._starts, ending, key=lambda start: self._all[start : start + n])
        own = self._numbers.get(but, -1) if but is not None else -1
        found = self._before(place - 1, own), self._after(place, own)
        return [self._starts[i] for i in found if 0 <= i < len(self._starts)]

    def has(self, part: str, start: int) -> bool:
        return self._all.startswith(part, start)

    def _before(self, place: int, own: int) -> int:
        """This place, or the last one before it of another owner; -1 if there is none."""
        if place < 0 or self._owners[place] != own:
            return place
        i = bisect_right(self._changes, place)
        return self._changes[i - 1] - 1 if i else -1

    def _after(self, place: int, own: int) -> int:
        n = len(self._starts)
        if place >= n or self._owners[place] != own:
            return place
        i = bisect_right(self._changes, place)
        return self._changes[i] if i < len(self._changes) else n


def searchable(text: str) -> str:
    return text.replace(SEPARATOR, INSTEAD)


def _sorted_starts(text: str, longest: int) -> Places:
    """The places of a text in the order of what follows, of which `longest` characters count.

    Ranks by the first k characters, two of which are ranks by 2 k, until no two are alike.
    """
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    ranks = np.unique(characters, return_inverse=True)[1] + 1
    if not len(ranks):
        return ranks
    k, n_ranks = 1, int(ranks.max())
    while k < longest and n_ranks < len(ranks):
        following = np.zeros_like(ranks)
        following[: len(ranks) - k] = ranks[k:]
        ranks = _ranks(ranks * (n_ranks + 1) + following)
        k, n_ranks = 2 * k, int(ranks.max())
    return np.argsort(ranks)


def _ranks(keys: Places) -> Places:
    """Rank keys from 1; equal keys have equal ranks."""
    order = np.argsort(keys)
    ranks = np.empty_like(keys)
    ranks[order] = np.cumsum(np.diff(keys[order], prepend=-1) != 0)
    return ranks
