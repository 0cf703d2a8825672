"""What goes with a protected field in original, and no more once it was re-assigned: a title, a pronoun."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import binom

from stages.common.fields import MISSING, get
from stages.common.levels import label
from stages.common.records import CONDITIONS, Condition, Profile
from stages.common.schema import ProfileSchema

SURE = 0.95
"""Share of those with a word who have one level, from which the word goes with the level."""
LOST = 0.2
"""As much smaller the share is at least in augmented."""
CHANCE = 0.01
"""Probability up to which chance ties any of a field's words to a level."""
_EDGES = ".,;:!?()[]\"'„“”»«"
Told = dict[str, Counter[str]]
"""By word, how many have each level of the protected field."""


@dataclass(frozen=True)
class Contradiction:
    """A field whose words tell the protected field's level in original, and in augmented no longer."""

    path: str
    protected: str
    words: list[str]
    n_fitting: dict[Condition, int]
    n: dict[Condition, int]
    """Times that one of the words stands in a file, and how often beside the level that it goes with."""


def contradictions(
    schema: ProfileSchema, people: Mapping[Condition, Sequence[Profile]], unmoved: Collection[str] = ()
) -> list[Contradiction]:
    """One for each pair of a protected field and another that is text or has text for levels.

    Args:
        unmoved: protected fields that are the same in both files.
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
    """Words that go with one level, beyond chance for any of the words; the most frequent first."""
    base: Counter[str] = sum(told.values(), Counter())
    found = {}
    for word, levels in sorted(told.items(), key=lambda item: -item[1].total()):
        [(level, n)], n_word = levels.most_common(1), levels.total()
        share = base[level] / base.total()
        by_chance = float(binom.sf(n - 1, n_word, share)) * len(told)
        if n >= SURE * n_word and by_chance <= CHANCE:
            found[word] = level
    return found
