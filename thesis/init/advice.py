"""What a person should look at in the drafts, in the order of what it would cost to miss."""

from collections.abc import Iterator

from stages.common.levels import label
from stages.common.params import PARAMS
from stages.common.prompts import PROMPTS
from stages.common.records import CONDITIONS
from stages.common.schema import SCHEMA
from thesis.init.files import DATASHEET
from thesis.init.numerals import NO_RULES
from thesis.init.study import Study

MEMORISED = 50
"""People in the test split that `evaluate` needs to tell memory from likeness."""


def look_at(study: Study) -> list[str]:
    """One sentence or two each, with the file to mend."""
    return [
        *_identity(study),
        *_protected(study),
        *_roles(study),
        *_values(study),
        *_prompts(study),
        *_contrasts(study),
        *_sizes(study),
        f"{SCHEMA}: x-rules is empty. What must fit together in a profile? (Examples: docs/your-own-data.md)",
        f"{DATASHEET}: who these people are is for you to say. data/raw is part of the git repository: "
        "push private data nowhere.",
    ]


def _identity(study: Study) -> Iterator[str]:
    n, shared = study.n_people, study.n_shared
    totals = " and ".join(f"{sum(n[c].values())} {c}" for c in CONDITIONS)
    if study.identity is None:
        yield (
            f"No identifier was found: a person is known by all fields that are not protected, and {shared} "
            f"are in both files ({totals} records). Versions of a person that differ in anything else may "
            'end in training in one file and in test in the other: give them an id ("x-role": "identifier").'
        )
        return
    twins = study.identity.max_twins
    several = [f"up to {twins[c]} {c} records share one" for c in CONDITIONS if twins[c] > 1]
    words = "; ".join([f"{shared} people are in both files ({totals} records)", *several])
    yield f"{study.identity.path} is taken for the identifier, which no prompt shows: {words}."
    if not shared:
        yield (
            "No id is in both files: versions of a person cannot be kept in the same split. If the files "
            "are about the same people, give them the same ids."
        )


def _protected(study: Study) -> Iterator[str]:
    found = {path: guess.why for path, guess in study.guesses.items() if guess.role == "protected"}
    if found:
        listed = ", ".join(f"{path} ({why})" for path, why in found.items())
        yield f'{SCHEMA}: bias is looked for in {listed}. Mark others with "x-role": "protected".'
    else:
        yield (
            f"{SCHEMA}: no field is marked as protected, so that no bias is looked for: write "
            '"x-role": "protected" where people are treated unlike.'
        )
    by_path = dict(study.seen.leaves())
    only_named = [p for p in found if study.differences.n_pairs and not study.differences.by_field[p]]
    if only_named:
        yield f"The same for each person in both files although protected: {', '.join(only_named)}."
    texts = [p for p, guess in study.guesses.items() if guess.role == "text" and study.differences.changed(p)]
    if texts:
        counted = ", ".join(f"{p} for {study.differences.by_field[p]}" for p in texts)
        yield f"Texts differ between the files ({counted} of {study.differences.n_pairs} people): was that meant?"
    numbers = [p for p, g in study.guesses.items() if g.role == "number" and "protected" in g.why and p in by_path]
    if numbers:
        yield f"Shares of numbers are not compared ({', '.join(numbers)}): a field with groups would be."


def _roles(study: Study) -> Iterator[str]:
    places = dict(study.seen.leaves())
    lists = {p: study.guesses[p].role for p, place in places.items() if place.n_lists}
    if compared := [p for p, role in lists.items() if role != "text"]:
        yield f"Lists are compared whole, each different list is one level: {', '.join(compared)}."
    if hardly := [p for p, role in lists.items() if role == "text"]:
        yield f"Lists that hardly repeat are written but not compared (role text): {', '.join(hardly)}."
    many = [p for p, g in study.guesses.items() if "too many" in g.why]
    if many:
        yield f"More than 20 values, so not listed as levels in prompts: {', '.join(many)}."
    mixed = {p: g.why.partition(": ")[2] for p, g in study.guesses.items() if "mixture" in g.why}
    if mixed:
        listed = "; ".join(f"{p}: {kinds}, such as {_example(study, p)}" for p, kinds in mixed.items())
        yield f"Fields of several types ({listed}): mend the data, or add to prepare.nulls.spellings what means null."
    if empty := [p for p, g in study.guesses.items() if "null in every" in g.why]:
        yield f"Null in every record, so that there is nothing to learn: {', '.join(empty)}."
    if lone := [field.path for field in study.schema.fields if len(field.levels) == 1]:
        yield f"One value in every record, so that there is nothing to compare: {', '.join(lone)}."


def _values(study: Study) -> Iterator[str]:
    rules = study.prepare.numbers
    if rules != NO_RULES:
        yield (
            f"{PARAMS}: numbers in text are read with thousands_separator {rules.thousands_separator!r} and "
            f"units {rules.units}."
        )
    ambiguous = [p for p, place in study.seen.leaves() if _could_be_thousands(place.texts())]
    if ambiguous and rules.thousands_separator != ".":
        yield (
            f"{', '.join(ambiguous)}: texts like '1.234' are read as 1 and a bit; if they are thousands, set "
            "prepare.numbers.thousands_separator to '.'."
        )
    nulls = {p: place.n_nulls for p, place in study.seen.leaves() if place.n_nulls and place.types}
    if nulls:
        listed = ", ".join(f"{path} {n} times" for path, n in nulls.items())
        yield f"Null: {listed}. prepare.nulls.spellings says which texts mean null."
    n = study.seen.n_objects
    some = [p for p, place in study.seen.leaves() if "." not in p and place.n < n]
    if some:
        yield f"Not in every record, so not required: {', '.join(some)}."
    only = {c: [p for p, place in study.seen.leaves() if not place.n_by_file[_other(c)]] for c in CONDITIONS}
    for condition, paths in only.items():
        if paths:
            yield f"Only in {condition}: {', '.join(paths)}. The arms will differ in this for a trivial reason."


def _prompts(study: Study) -> Iterator[str]:
    fixed = [f"{one.field.path} ({label(one.value)})" for one in study.fixed]
    also = f" Fixed beside the free one: {', '.join(fixed)}." if fixed else " No field could be fixed in a prompt."
    yield f"{PROMPTS}: say what kind of people these are, and write in the language of your data.{also}"


def _contrasts(study: Study) -> Iterator[str]:
    if not study.changed:
        yield f"{PARAMS}: no contrast of shares could be declared; declare yours under evaluate.contrasts."
        return
    first = study.changed[0]
    a, b = (f"{100 * first.shares[c]:.0f} %" for c in CONDITIONS)
    yield (
        f"{PARAMS}: the primary contrast is the share of {first.field.path} = {label(first.level)} "
        f"({a} of original, {b} of augmented). Declare what you want to know before the first run, not after."
    )


def _sizes(study: Study) -> Iterator[str]:
    found = study.lengths
    how = "counted with the base's tokenizer" if found.counted else (
        "estimated from the length of the texts, as the base's tokenizer is not here yet"
    )
    yield (
        f"{PARAMS}: train.common.max_length {found.max_length} and generate.max_new_tokens "
        f"{found.max_new_tokens} are {how}."
    )
    train, test = (min(study.n_people[c][split] for c in CONDITIONS) for split in ("train", "test"))
    if test < MEMORISED:
        yield f"{test} people are held out: `evaluate` needs {MEMORISED} to say whether people are recalled."
    if train < study.evaluate.min_reference:
        yield (
            f"{train} people are trained on, fewer than evaluate.min_reference "
            f"({study.evaluate.min_reference}): nothing can be held against the dataset."
        )


def _other(condition: str) -> str:
    return "augmented" if condition == "original" else "original"


def _example(study: Study, path: str) -> str:
    place = dict(study.seen.leaves())[path]
    rarest = min(place.types, key=lambda kind: sum(n for (k, _), n in place.all_scalars.items() if k == kind))
    return next(repr(value) for kind, value in place.all_scalars if kind == rarest)


def _could_be_thousands(texts: object) -> bool:
    import re

    found = list(texts) if isinstance(texts, dict) else []
    return bool(found) and all(re.fullmatch(r"\d{1,3}\.\d{3}", text) for text in found)
