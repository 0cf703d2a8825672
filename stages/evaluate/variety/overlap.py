"""How much of a text stands in others: the longest common substring, and shared runs of words."""

import re
import sys
from collections.abc import Sequence

from stages.evaluate.variety.endings import Endings, searchable

N_WORDS = 8
"""Words of a run; shorter runs are shared by chance, longer ones are seldom there."""


class Texts:
    """Texts of owners, sorted by all their endings so that a substring is found by bisection."""

    def __init__(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        self._endings = Endings(texts, owners)
        self._most = max(map(len, texts), default=0) + 1
        """Characters of an ending that matter: no text shares more."""
        self._owner_of: dict[tuple[str, ...], str | None] = {}
        """The owner of each run; None if several people wrote it."""
        for text, owner in zip(texts, owners, strict=True):
            for run in runs(text):
                if self._owner_of.setdefault(run, owner) != owner:
                    self._owner_of[run] = None

    def longest(self, text: str, but: str | None = None) -> int:
        """Characters of the longest substring of `text` that is in one of the texts of others than `but`.

        >>> Texts(["has no work", "is retired"], ["a", "b"]).longest("work was hard")
        4
        """
        text, best = searchable(text), 0
        for start in range(len(text)):
            if start + best >= len(text):
                break
            # of all endings, the two neighbors in order share the longest beginning with this one
            for place in self._endings.neighbors(text[start : start + self._most], but):
                while start + best < len(text) and self._endings.has(text[start : start + best + 1], place):
                    best += 1
        return best

    def share_of_runs(self, text: str, but: str | None = None) -> float | None:
        """The share of its different runs of words that others than `but` wrote too; None without runs."""
        found = runs(text)
        shared = [self._owner_of[run] for run in found if run in self._owner_of]
        return sum(owner is None or owner != but for owner in shared) / len(found) if found else None


def runs(text: str) -> set[tuple[str, ...]]:
    """The different runs of N_WORDS words, in lower case; punctuation parts words."""
    words = [sys.intern(word) for word in re.findall(r"\w+", text.lower())]
    return {tuple(words[start : start + N_WORDS]) for start in range(len(words) - N_WORDS + 1)}
