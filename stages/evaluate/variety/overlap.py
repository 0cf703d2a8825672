"""How much of a text stands in others: the longest common substring, and shared runs of words."""

import re
from bisect import bisect_left
from collections.abc import Sequence

N_WORDS = 8
"""Of a run; fewer are shared by chance, more are seldom there."""


class Texts:
    """Texts of people, sorted by all their endings so that a substring is found by bisection.

    Args:
        texts: memory grows with the square of their lengths; hundreds of characters each.
        owners: whose text each one is.
    """

    def __init__(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        pairs = list(zip(texts, owners, strict=True))
        endings = sorted((text[start:], owner) for text, owner in pairs for start in range(len(text)))
        self._endings = [ending for ending, _ in endings]
        self._owners = [owner for _, owner in endings]
        self._by_run: dict[tuple[str, ...], set[str]] = {}
        for text, owner in pairs:
            for run in runs(text):
                self._by_run.setdefault(run, set()).add(owner)

    def longest(self, text: str, but: str | None = None) -> int:
        """Characters of the longest substring of `text` that is in one of the texts of others than `but`.

        >>> Texts(["has no work", "is retired"], ["a", "b"]).longest("work was hard")
        4
        """
        best = 0
        for start in range(len(text)):
            if start + best >= len(text):
                break
            # of all endings, the two neighbours in order share the longest beginning with this one
            for ending in self._neighbours(bisect_left(self._endings, text[start:]), but):
                while start + best < len(text) and ending.startswith(text[start : start + best + 1]):
                    best += 1
        return best

    def share_of_runs(self, text: str, but: str | None = None) -> float | None:
        """The share of its different runs of words that others than `but` wrote too; None without runs."""
        found = runs(text)
        own = {but}
        shared = sum(bool(self._by_run.get(run, own) - own) for run in found)
        return shared / len(found) if found else None

    def _neighbours(self, place: int, but: str | None) -> list[str]:
        """The endings before and after this place, of others than `but`."""
        if but is None:
            return self._endings[max(place - 1, 0) : place + 1]
        both = range(place - 1, -1, -1), range(place, len(self._endings))
        found = (next((i for i in places if self._owners[i] != but), None) for places in both)
        return [self._endings[i] for i in found if i is not None]


def runs(text: str) -> set[tuple[str, ...]]:
    """The different runs of N_WORDS words, in lower case; punctuation parts words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + N_WORDS]) for start in range(len(words) - N_WORDS + 1)}
