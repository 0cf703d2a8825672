"""Which words mark a group: z-scores against a threshold that chance alone rarely passes."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from stages.evaluate.arrays import Flags, Floats
from stages.evaluate.words.log_odds import z_scores
from stages.evaluate.words.tokens import tokens

TOP = 20
"""Words that are shown of every comparison, marked or not."""
CHUNK = 2_000_000
"""Scores, and texts that change groups, that are held at once."""


@dataclass(frozen=True)
class TextGroups:
    """Two groups of texts; texts may change groups within a block only."""

    texts: tuple[str, ...]
    in_target: tuple[bool, ...]
    blocks: tuple[str, ...]
    """The prompt of each text, or another difference that is held apart."""
    units: tuple[Hashable, ...]
    """Texts of one unit (a conversation), if they are of one group and block, change groups together."""

    @classmethod
    def of(cls, rows: Sequence[tuple[str, bool, str, Hashable]]) -> "TextGroups":
        """Groups of texts, each with whether it is of the target, its block and its unit."""
        return cls(*zip(*rows, strict=True)) if rows else cls((), (), (), ())

    @property
    def target(self) -> list[str]:
        return [text for text, inside in zip(self.texts, self.in_target, strict=True) if inside]

    @property
    def reference(self) -> list[str]:
        return [text for text, inside in zip(self.texts, self.in_target, strict=True) if not inside]

    @property
    def joined(self) -> "TextGroups":
        """The texts of each unit as one."""
        together: dict[tuple[bool, str, Hashable], list[str]] = {}
        rows = zip(self.in_target, self.blocks, self.units, strict=True)
        for text, how in zip(self.texts, rows, strict=True):
            together.setdefault(how, []).append(text)
        return TextGroups.of([("\n".join(texts), *how) for how, texts in together.items()])


@dataclass(frozen=True)
class Marked:
    """The z-scores of a comparison, and what chance makes of them."""

    z_by_word: dict[str, float]
    """Sorted by size, either sign, the largest first."""
    threshold: float
    """Chance passes it with any word in a share `tail` of permutations."""

    def is_marked(self, word: str) -> bool:
        return abs(self.z_by_word[word]) > self.threshold

    @property
    def shown(self) -> list[str]:
        """The first TOP words and all marked ones."""
        return [word for i, word in enumerate(self.z_by_word) if i < TOP or self.is_marked(word)]


def marked(groups: TextGroups, *, tail: float, draws: int, seed: int) -> Marked:
    """z-scores with the pooled texts as prior; beyond the threshold, p <= `tail` for all words together.

    Texts are exchanged between the groups, within blocks, `draws` times or as often as `tail` needs, those
    of a unit together; each time the largest |z| of all words is kept. p = (1 + permutations whose
    largest is as large) / (1 + permutations).
    """
    found = z_scores(groups.target, groups.reference)
    ordered = sorted(found, key=lambda word: (-round(abs(found[word]), 9), word))
    largest = largest_z(groups.joined, draws=max(draws, ceil(1 / tail)), seed=seed)
    n_larger = int(tail * (len(largest) + 1) + 1e-9)  # as many as may be as large, and the observed one
    # rounded up: an equal score is no larger one
    threshold = float(np.sort(largest)[-n_larger]) + 1e-9
    return Marked({word: found[word] for word in ordered}, threshold)


def largest_z(groups: TextGroups, *, draws: int, seed: int) -> Floats:
    """The largest |z| of any word after exchanging texts within blocks: shape (draws,)."""
    counts = _count_table(groups.texts)
    if not counts.size:
        return np.zeros(draws)
    order = np.argsort(groups.blocks, kind="stable")
    inside = np.array(groups.in_target)[order]
    sizes = list(Counter(sorted(groups.blocks)).values())
    rng = np.random.default_rng(seed)
    step = max(1, CHUNK // max(counts.shape))
    parts = []
    for start in range(0, draws, step):
        flags = _permuted(inside, sizes, min(step, draws - start), rng)
        parts.append(_largest(flags, counts[order]))
    return np.concatenate(parts)


def _permuted(inside: Flags, sizes: list[int], draws: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Who is in the target after each exchange: shape (draws, n_texts). Texts of a block stand together."""
    first = np.broadcast_to(inside, (draws, len(inside)))
    blocks = np.split(first, np.cumsum(sizes)[:-1], axis=1)
    return np.concatenate([rng.permuted(block, axis=1) for block in blocks], axis=1).astype(np.float32)


def _largest(flags: NDArray[np.float32], counts: NDArray[np.float32]) -> Floats:
    """max |z| of each row of flags, by the formula of `z_scores`; logarithms are looked up: all are whole."""
    alpha = counts.sum(axis=0).astype(np.int64)
    total = int(alpha.sum())
    if len(alpha) < 2:
        return np.zeros(len(flags))
    logs = np.log(np.arange(1, 2 * total + 1))  # of a number i at i - 1
    inverse = 1 / np.arange(1, 2 * total + 1)
    used = (flags @ counts).astype(np.int64)
    n_words = used.sum(axis=1, keepdims=True)
    both = used + alpha, 2 * alpha - used
    rests = n_words + total - both[0], 2 * total - n_words - both[1]
    delta = logs[both[0] - 1] - logs[rests[0] - 1] - logs[both[1] - 1] + logs[rests[1] - 1]
    size = np.abs(delta) / np.sqrt(inverse[both[0] - 1] + inverse[both[1] - 1])
    largest: Floats = size.max(axis=1)
    return largest


def _count_table(texts: Sequence[str]) -> NDArray[np.float32]:
    """How often each text has each word: shape (n_texts, n_words).

    float32 holds whole numbers up to 16 million.
    """
    counted = [Counter(tokens(text)) for text in texts]
    index = {word: i for i, word in enumerate(sorted({word for found in counted for word in found}))}
    table = np.zeros((len(texts), len(index)), np.float32)
    for row, found in zip(table, counted, strict=True):
        for word, n in found.items():
            row[index[word]] = n
    return table
