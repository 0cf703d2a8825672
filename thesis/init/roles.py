"""The role of every field: guessed from its name, its values, and what differs between the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scipy.stats import chi2_contingency

from stages.common.fields import Role
from stages.common.params import read_yaml
from stages.common.records import CONDITIONS
from stages.prepare.params import NumberParams
from thesis.init.arranging import Identity
from thesis.init.looking import Seen
from thesis.init.naming import words
from thesis.init.people import Differences
from thesis.init.places import MAX_LEVELS, date_pattern, has_levels, is_free_text, is_number, repeats

WORDS = Path(__file__).with_name("protected.yaml")
SURE = 0.001
"""p-value up to which two files differ where people cannot be paired."""


@dataclass(frozen=True)
class Guess:
    """A role, and why."""

    role: Role
    why: str


def guesses(
    leaves: Mapping[str, Seen], rules: NumberParams, identity: Identity | None, differ: Differences
) -> dict[str, Guess]:
    """By path, in the order of the fields."""
    return {path: _guess(path, seen, rules, identity, differ) for path, seen in leaves.items()}


def named_protected(path: str) -> str | None:
    """The word of protected.yaml that stands in the field's name."""
    name = f" {' '.join(words(path))} "
    for word in _protected_words():
        if f" {word} " in name or (len(word) >= 7 and f" {word}" in name):
            return word
    return None


def _guess(
    path: str, seen: Seen, rules: NumberParams, identity: Identity | None, differ: Differences
) -> Guess:
    if identity and path == identity.path:
        return Guess("identifier", "unlike for each person")
    if seen.n_lists:
        return _of_list(seen)
    if is_number(seen, rules):
        hint = named_protected(path)
        return Guess("number", f"numbers; named like a protected field ({hint})" if hint else "numbers")
    role = _without_bias(seen)
    if role.role == "attribute" and seen.types:
        reasons = [*_by_name(path), *_by_change(path, seen, differ)]
        if reasons:
            return Guess("protected", "; ".join(reasons))
    return role


def _without_bias(seen: Seen) -> Guess:
    if not seen.types:
        return Guess("attribute", "null in every record")
    if has_levels(seen) or seen.types == {"boolean"}:
        return Guess("attribute", "few values that repeat")
    if date_pattern(seen):
        return Guess("text", "dates")
    if seen.types != {"string"}:
        few = len(seen.all_scalars) <= MAX_LEVELS and repeats(seen.scalars)
        return Guess("attribute" if few else "text", f"a mixture: {', '.join(sorted(seen.types))}")
    if is_free_text(seen):
        return Guess("text", "free text")
    return Guess("attribute", "short texts, too many to list as levels")


def _of_list(seen: Seen) -> Guess:
    if not seen.items or not seen.items.n:
        return Guess("attribute", "an empty list in every record")
    if repeats(seen.lists):
        return Guess("attribute", "lists that repeat; each whole list is one level")
    return Guess("text", "lists that hardly repeat")


def _by_name(path: str) -> list[str]:
    word = named_protected(path)
    return [f"its name ({word})"] if word else []


def _by_change(path: str, seen: Seen, differ: Differences) -> list[str]:
    """Where some fields are the same in both files, what is not the same was re-assigned."""
    if differ.n_pairs:
        changed = differ.changed(path)
        return [f"differs for {differ.by_field[path]} of {differ.n_pairs} people"] if changed else []
    return ["its shares differ between the files"] if _shares_differ(seen) else []


def _shares_differ(seen: Seen) -> bool:
    """Pearson's chi-squared test of the values' counts in both files, p <= SURE."""
    values = [*seen.all_scalars]
    counts = [[seen.scalars[c][value] for value in values] for c in CONDITIONS]
    if len(values) < 2 or not all(map(any, counts)):
        return False
    return bool(chi2_contingency(counts).pvalue <= SURE)


@lru_cache(maxsize=1)
def _protected_words() -> tuple[str, ...]:
    """Longest first, so that `age group` is named before `age`."""
    found = {str(word) for of_language in read_yaml(WORDS).values() for word in of_language}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))
