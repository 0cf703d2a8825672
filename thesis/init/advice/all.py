"""What a person should check in the drafts; what would cost most to miss comes first."""

from collections.abc import Iterator

from stages.common.levels import label
from stages.common.params import PARAMS
from stages.common.prompts import PROMPTS
from stages.common.records import CONDITIONS
from stages.common.schema import SCHEMA
from thesis.init.advice.doubts import doubts
from thesis.init.advice.people import about_people
from thesis.init.advice.values import remarks
from thesis.init.draft import Draft
from thesis.init.drafts.contrasts import MAX_PAIRS
from thesis.init.files import DATASHEET

RULES = (
    f"{SCHEMA}: x-rules is empty. Add rules for what must fit together in a profile; examples are in "
    "docs/your-own-data.md."
)
PRIVATE = (
    f"{DATASHEET}: describe who these people are. data/raw is part of the git repository, so do not push it "
    "if the data are private."
)
MEMORISED = 50
"""People that the test split needs before `evaluate` can tell memorization from similarity."""


def look_at(draft: Draft) -> list[str]:
    """One or two sentences per item, with the file to edit."""
    return [
        *about_people(draft),
        *_protected(draft),
        *remarks(draft),
        *doubts(draft),
        *_prompts(draft),
        *_contrasts(draft),
        *_sizes(draft),
        RULES,
        PRIVATE,
    ]


def _protected(draft: Draft) -> Iterator[str]:
    found = {path: guess.why for path, guess in draft.guesses.items() if guess.role == "protected"}
    if found:
        listed = ", ".join(f"{path} ({why})" for path, why in found.items())
        yield f'{SCHEMA}: bias is measured for {listed}. Mark further fields with "x-role": "protected".'
    else:
        yield (
            f"{SCHEMA}: no field is marked as protected, so no bias is measured. Write "
            '"x-role": "protected" at each field by which people may be treated differently.'
        )
    by_path = dict(draft.seen.leaves())
    only_named = [p for p in found if draft.differences.n_pairs and not draft.differences.by_field[p]]
    if only_named:
        yield f"Protected, but the same for each person in both files: {', '.join(only_named)}."
    texts = [p for p, guess in draft.guesses.items() if guess.role == "text" and draft.differences.changed(p)]
    if texts:
        counted = ", ".join(f"{p} for {draft.differences.by_field[p]}" for p in texts)
        n = draft.differences.n_pairs
        yield f"Texts differ between the files ({counted} of {n} people). Check that this is intended."
    numbers = [
        p for p, g in draft.guesses.items() if g.role == "number" and "protected" in g.why and p in by_path
    ]
    if numbers:
        yield (
            f"Shares of numbers are not compared ({', '.join(numbers)}). To compare them, add a field with "
            "groups, such as age groups."
        )


def _prompts(draft: Draft) -> Iterator[str]:
    fixed = [f"{one.field.path} ({label(one.value)})" for one in draft.fixed]
    also = (
        f" Besides the free prompt, these fix a value: {', '.join(fixed)}."
        if fixed
        else f" No prompt fixes a value, because no value is shared by {draft.evaluate.min_reference} people "
        "in training (evaluate.min_reference)."
    )
    yield f"{PROMPTS}: describe what kind of people these are, in the language of your data.{also}"


def _contrasts(draft: Draft) -> Iterator[str]:
    if draft.changed:
        first = draft.changed[0]
        a, b = (f"{100 * first.shares[c]:.0f} %" for c in CONDITIONS)
        yield (
            f"{PARAMS}: the primary contrast is the share of {first.field.path} = {label(first.level)} "
            f"({a} of original, {b} of augmented). Declare your own question before the first run, not after "
            "it."
        )
    else:
        yield (
            f"{PARAMS}: no contrast of shares was declared, because no field with few levels differs between "
            "the files by more than chance. Declare yours under evaluate.contrasts."
        )
    for one in draft.untied[:MAX_PAIRS]:
        a, b = (f"{one.ties[c]:.2f}" for c in CONDITIONS)
        yield (
            f"{one.field.path} was re-assigned, but its shares stayed about the same. Therefore its "
            f"association with {one.attribute.path} is declared (Cramér's V {a} in original, {b} in "
            "augmented). This contrast needs the draws of make calibrate."
        )


def _sizes(draft: Draft) -> Iterator[str]:
    found = draft.lengths
    how = (
        "counted with the base's tokenizer"
        if found.counted
        else "estimated from the length of the texts, because the base's tokenizer is not downloaded yet"
    )
    yield (
        f"{PARAMS}: train.common.max_length {found.max_length} and generate.max_new_tokens "
        f"{found.max_new_tokens} are {how}."
    )
    train, test = (min(draft.n_people[c][split] for c in CONDITIONS) for split in ("train", "test"))
    if test < MEMORISED:
        yield (
            f"{test} people are held out. `evaluate` needs {MEMORISED} to tell whether the model recalls "
            "people from training."
        )
    if train < draft.evaluate.min_reference:
        yield (
            f"Training has {train} people, fewer than evaluate.min_reference "
            f"({draft.evaluate.min_reference}), so nothing can be compared with the dataset."
        )
