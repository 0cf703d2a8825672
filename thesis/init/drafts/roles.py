"""The role of each field, guessed from its name, its values, and the differences between the files."""

from collections.abc import Mapping
from dataclasses import dataclass

from scipy.stats import chi2_contingency

from stages.common.fields import Role
from stages.common.records import CONDITIONS
from stages.prepare.params import NumberParams
from thesis.init.fields.kinds import MAX_LEVELS, is_free_text, kind_of_place, repeats
from thesis.init.fields.naming import named_protected
from thesis.init.people.agreement import Differences
from thesis.init.people.arranging import Identity
from thesis.init.records.seen import Seen

SURE = 0.001
"""p-value up to which the files differ where people cannot be paired."""


@dataclass(frozen=True)
class Guess:
    """A role, and the reason for it."""

    role: Role
    why: str


SURE_KINDS = {
    "booleans": Guess("attribute", "few values that repeat"),
    "levels": Guess("attribute", "few values that repeat"),
    "dates": Guess("text", "dates"),
    "codes": Guess("attribute", "few whole numbers: codes"),
    "numbers": Guess("number", "numbers"),
}


def guesses(
    leaves: Mapping[str, Seen], rules: NumberParams, identity: Identity | None, differ: Differences
) -> dict[str, Guess]:
    """The guess for each field, by path."""
    return {path: _guess(path, seen, rules, identity, differ) for path, seen in leaves.items()}


def _guess(
    path: str, seen: Seen, rules: NumberParams, identity: Identity | None, differ: Differences
) -> Guess:
    if identity and path == identity.path:
        return Guess("identifier", "different for each person")
    if seen.n_lists:
        return _of_list(seen)
    role = _without_bias(path, seen, rules)
    if role.role == "number" and (hint := named_protected(path)):
        return Guess("number", f"numbers; named like a protected field ({hint})")
    if role.role == "attribute" and seen.types:
        reasons = [*_by_name(path), *_by_change(path, seen, differ)]
        if reasons:
            return Guess("protected", "; ".join(reasons))
    return role


def _without_bias(path: str, seen: Seen, rules: NumberParams) -> Guess:
    if not seen.types:
        return Guess("attribute", "null in every record")
    kind = kind_of_place(path, seen, rules)
    if kind in SURE_KINDS:
        return SURE_KINDS[kind]
    if kind == "names":
        return Guess("attribute" if repeats(seen.scalars, 1 / 0.9) else "text", "digits that name something")
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
    """Reasons from the files: a field that differs, while most do not, was re-assigned."""
    if differ.n_pairs:
        changed = differ.changed(path)
        return [f"differs for {differ.by_field[path]} of {differ.n_pairs} people"] if changed else []
    return ["its shares differ between the files"] if _shares_differ(seen) else []


def _shares_differ(seen: Seen) -> bool:
    """Whether Pearson's chi-squared test of the values' counts in both files has p <= SURE."""
    values = [*seen.all_scalars]
    counts = [[seen.scalars[c][value] for value in values] for c in CONDITIONS]
    if len(values) < 2 or not all(map(any, counts)):
        return False
    return bool(chi2_contingency(counts).pvalue <= SURE)
