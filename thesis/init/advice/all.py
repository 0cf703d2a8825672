"""What a person should look at in the drafts, in the order of what it would cost to miss."""

from collections.abc import Iterator

from stages.common.levels import label
from stages.common.params import PARAMS
from stages.common.prompts import PROMPTS
from stages.common.records import CONDITIONS
from stages.common.schema import SCHEMA
from thesis.init.advice.doubts import doubts
from thesis.init.advice.people import about_people
from thesis.init.advice.values import remarks
from thesis.init.drafts.contrasts import MAX_PAIRS
from thesis.init.files import DATASHEET
from thesis.init.study import Study

RULES = f"{SCHEMA}: x-rules is empty. What must fit together in a profile? (Examples: docs/your-own-data.md)"
PRIVATE = (
    f"{DATASHEET}: who these people are is for you to say. data/raw is part of the git repository: "
    "push private data nowhere."
)
MEMORISED = 50
"""People in the test split that `evaluate` needs to tell memory from likeness."""


def look_at(study: Study) -> list[str]:
    """One sentence or two each, with the file to fix."""
    return [
        *about_people(study),
        *_protected(study),
        *remarks(study),
        *doubts(study),
        *_prompts(study),
        *_contrasts(study),
        *_sizes(study),
        RULES,
        PRIVATE,
    ]


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
        n = study.differences.n_pairs
        yield f"Texts differ between the files ({counted} of {n} people): was that meant?"
    numbers = [
        p for p, g in study.guesses.items() if g.role == "number" and "protected" in g.why and p in by_path
    ]
    if numbers:
        yield f"Shares of numbers are not compared ({', '.join(numbers)}): a field with groups would be."


def _prompts(study: Study) -> Iterator[str]:
    fixed = [f"{one.field.path} ({label(one.value)})" for one in study.fixed]
    also = (
        f" Fixed beside the free one: {', '.join(fixed)}."
        if fixed
        else f" No field could be fixed in a prompt: that takes a value that {study.evaluate.min_reference} "
        "people in training have (evaluate.min_reference)."
    )
    yield f"{PROMPTS}: say what kind of people these are, and write in the language of your data.{also}"


def _contrasts(study: Study) -> Iterator[str]:
    if study.changed:
        first = study.changed[0]
        a, b = (f"{100 * first.shares[c]:.0f} %" for c in CONDITIONS)
        yield (
            f"{PARAMS}: the primary contrast is the share of {first.field.path} = {label(first.level)} "
            f"({a} of original, {b} of augmented). Declare what you want to know before the first run, "
            "not after."
        )
    else:
        yield (
            f"{PARAMS}: no contrast of shares was declared, as no share of a field with few levels differs "
            "between the files beyond chance; declare yours under evaluate.contrasts."
        )
    for one in study.untied[:MAX_PAIRS]:
        a, b = (f"{one.ties[c]:.2f}" for c in CONDITIONS)
        yield (
            f"{one.field.path} has other owners and much the same shares, so its association with "
            f"{one.attribute.path} is declared (Cramér's V {a} in original, {b} in augmented); it needs the "
            "draws of make calibrate."
        )


def _sizes(study: Study) -> Iterator[str]:
    found = study.lengths
    how = (
        "counted with the base's tokenizer"
        if found.counted
        else ("estimated from the length of the texts, as the base's tokenizer is not here yet")
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
