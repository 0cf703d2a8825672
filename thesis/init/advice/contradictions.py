"""Words that match a protected field in original, but no longer once it is re-assigned: titles, pronouns."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import binom

from stages.common.fields import MISSING, get
from stages.common.levels import label
from stages.common.records import CONDITIONS, Condition, Profile
from stages.common.schema import ProfileSchema

SURE = 0.95
"""Share of people with a word who must have one level for the word to match the level."""
LOST = 0.2
"""Smallest drop of that share in augmented."""
CHANCE = 0.01
"""Probability up to which a match of any of a field's words is not by chance."""
_EDGES = ".,;:!?()[]\"'„“”»«"
Told = dict[str, Counter[str]]
"""By word, the number of people with each level of the protected field."""


@dataclass(frozen=True)
class Contradiction:
    """A field whose words tell a protected field's level in original, but no longer in augmented."""

    path: str
    protected: str
    words: list[str]
    n_fitting: dict[Condition, int]
    n: dict[Condition, int]
    """How often one of the words occurs in a file; `n_fitting` counts those with the matching level."""


def contradictions(
    schema: ProfileSchema, people: Mapping[Condition, Sequence[Profile]], unmoved: Collection[str] = ()
) -> list[Contradiction]:
    """The contradictions between protected fields and fields that hold text.

    Args:
        unmoved: protected fields that were not re-assigned.
    """
    others = [field for field in schema.by_role("attribute", "text") if "string" in field.types]
    others += [field for field in schema.by_role("protected") if field.path in unmoved]
    found = []
    for protected in schema.by_role("protected"):
        if protected.path in unmoved:
            continue
        for other in others:
            whole = other.role != "text"
            told = {c: _told(people[c], other.path, protected.path, whole=whole) for c in CONDITIONS}
            if contradiction := _contradiction(other.path, protected.path, told):
                found.append(contradiction)
    return found


def _told(people: Sequence[Profile], path: str, protected: str, *, whole: bool) -> Told:
    told: Told = {}
    for one in people:
        level, text = get(one, protected), get(one, path)
        if level is not MISSING and level is not None and isinstance(text, str):
            for word in {text} if whole else {*_words(text)}:
                told.setdefault(word, Counter())[label(level)] += 1
    return told


def _words(text: str) -> Iterable[str]:
    return (word for part in text.casefold().split() if (word := part.strip(_EDGES)))


def _contradiction(path: str, protected: str, told: Mapping[Condition, Told]) -> Contradiction | None:
    level_of = _telling(told["original"])
    lost = {
        word: level
        for word, level in level_of.items()
        if (after := told["augmented"].get(word)) and after[level] / after.total() < SURE - LOST
    }
    if not lost:
        return None
    n = {c: sum(told[c][word].total() for word in lost) for c in CONDITIONS}
    fitting = {c: sum(told[c][word][level] for word, level in lost.items()) for c in CONDITIONS}
    return Contradiction(path, protected, [*lost], fitting, n)


def _telling(told: Told) -> dict[str, str]:
    """Words that match one level beyond chance, most frequent first."""
    base: Counter[str] = sum(told.values(), Counter())
    found = {}
    for word, levels in sorted(told.items(), key=lambda item: -item[1].total()):
        [(level, n)], n_word = levels.most_common(1), levels.total()
        share = base[level] / base.total()
        by_chance = float(binom.sf(n - 1, n_word, share)) * len(told)
        if n >= SURE * n_word and by_chance <= CHANCE:
            found[word] = level
    return found
