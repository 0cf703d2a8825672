"""Guesses about fields that may be wrong, and texts that contradict a protected field."""

from collections.abc import Iterator

from stages.common.params import PARAMS
from stages.common.records import CONDITIONS, Condition
from stages.common.schema import SCHEMA
from thesis.init.advice.contradictions import Contradiction, contradictions
from thesis.init.draft import Draft
from thesis.init.drafts.contrasts import spelled_twice
from thesis.init.fields.naming import named_protected
from thesis.init.fields.numerals import are_spelled_numbers
from thesis.init.records.seen import Seen

MOST_WORDS = 5


def doubts(draft: Draft) -> list[str]:
    """One or two sentences for each kind that was found."""
    return [*_layouts(draft), *_kinds(draft), *_spelled(draft), *_in_lists(draft), *_contradictions(draft)]


def _layouts(draft: Draft) -> Iterator[str]:
    for one in draft.given.values():
        if one.layout:
            yield f"{one.path}: read as {one.layout}."


def _kinds(draft: Draft) -> Iterator[str]:
    if codes := [field.path for field in draft.schema.fields if field.levels and "integer" in field.types]:
        yield (
            f"Few whole numbers, taken for codes of answers: {', '.join(codes)}. Codes are compared by their "
            "shares, not by means. Replace each code by what it means. If a field counts or measures, set "
            f'"x-role": "number" in {SCHEMA} and remove its "enum".'
        )
    if twice := [(one.path, pairs) for one in draft.schema.fields if (pairs := spelled_twice(one))]:
        listed = "; ".join(f"{path} ({', '.join(map(' / '.join, pairs))})" for path, pairs in twice)
        yield (
            f"Levels that differ only in capitals, spaces or punctuation: {listed}. They count as different "
            "levels. Spell each one the same way in both files; until then, no contrast is drafted from them."
        )
    if dates := _because(draft, "dates"):
        yield (
            f"Dates: {dates}. The model writes them (role text), but no prompt fixes a date and dates are "
            "not compared. To compare years, add a field with the year."
        )
    if names := _because(draft, "digits"):
        yield f"Digits that name something and are not numbers: {names}."


def _because(draft: Draft, word: str) -> str:
    return ", ".join(
        path for path, guess in draft.guesses.items() if word in guess.why.split(": ")[-1].split()
    )


def _spelled(draft: Draft) -> Iterator[str]:
    places = dict(draft.seen.leaves())
    unread = {
        path: next(text for text in places[path].texts() if not text.isdigit())
        for path, guess in draft.guesses.items()
        if guess.role not in ("number", "identifier") and "dates" not in guess.why
        if path in places and places[path].types == {"string"} and are_spelled_numbers(places[path].texts())
    }
    if unread:
        listed = ", ".join(f"{path} ({text})" for path, text in unread.items())
        yield (
            f"Numbers that could not be read stay text: {listed}. In {PARAMS}, "
            'prepare.numbers.thousands_separator ("," or "."; with ".", a comma begins the decimals) and '
            "prepare.numbers.units (such as a currency) describe one spelling for all fields. Write all "
            "numbers in that spelling."
        )


def _in_lists(draft: Draft) -> Iterator[str]:
    facts = [p for p, place in draft.seen.places() if "[]." in p and not p.endswith("[]") and _is_leaf(place)]
    if facts:
        yield (
            f"Facts in lists: {', '.join(facts)}. The model writes them and they are checked, but they are "
            "not compared one by one, and no prompt fixes them. Give what you want to compare its own field."
        )
    hidden = [path for path in facts if named_protected(path.rpartition("[]")[2])]
    if hidden:
        yield f"Named like protected fields, but in lists, where bias is not measured: {', '.join(hidden)}."


def _is_leaf(place: Seen) -> bool:
    """Whether it holds no objects, neither itself nor in a list."""
    return not place.parts and not (place.items and place.items.parts)


def _contradictions(draft: Draft) -> Iterator[str]:
    differ = draft.differences
    unmoved = {one.path for one in draft.schema.by_role("protected") if not differ.by_field[one.path]}
    for one in contradictions(draft.schema, draft.profiles, unmoved if differ.n_pairs else ()):
        shares = ", ".join(f"for {_how_many(one, c)} in {c}" for c in CONDITIONS)
        words = ", ".join(one.words[:MOST_WORDS])
        yield (
            f"{one.path} matches {one.protected} {shares} ({words}). The re-assignment of {one.protected} "
            f"did not change {one.path}, so augmented profiles contradict themselves."
        )


def _how_many(one: Contradiction, condition: Condition) -> str:
    n, n_fitting = one.n[condition], one.n_fitting[condition]
    return {n: "all", 0: "none"}.get(n_fitting, f"{n_fitting} of {n}")
