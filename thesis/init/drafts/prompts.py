"""data/prompts.yaml for a new schema: a free prompt, and a prompt for each field that is fixed."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages.common.fields import MISSING, Field, get
from stages.common.prompts import FIELDS, TrainingPrompt
from stages.common.records import Condition, Profile
from stages.common.schema import ProfileSchema
from thesis.init.drafts.splicing import flow
from thesis.init.fields.naming import is_personal_name, slugs

FREE = "free-profile"
MAX_FIXED = 2
HEAD = """\
# What is asked, in training (training:) and of every source (asked:): a draft by `thesis init`; see
# docs/your-own-data.md. {fields} is the list of the schema's fields; any other slot is a field's value: the
# record's own in training, that of `given` when asked. Put what differs at the very end.
"""
TEXT = """\
Write the profile of one person as one JSON object with these fields:
{fields}
Answer with the JSON object alone, on one line.
"""
ANYONE = "The person can be anyone."
FIXED_SHARE = 0.6
"""Share of the training records whose prompt fixes a field."""


@dataclass(frozen=True)
class Fixed:
    """A field that a prompt fixes, and the value that it asks for."""

    field: Field
    value: Any
    n: dict[Condition, int]
    """People in training who have the value."""

    @property
    def last_line(self) -> str:
        quote = '"' if isinstance(self.value, str) else ""
        return f"The person's {self.field.path} is {quote}{{{self.field.path}}}{quote}."


def fixed_fields(
    schema: ProfileSchema, training: Mapping[Condition, Sequence[Profile]], min_reference: int
) -> list[Fixed]:
    """Up to two attributes, each with its most frequent level among `min_reference` people in both files.

    Attributes whose most frequent level leaves most room for others come first, because fixing them tells
    the model most. Codes and people's names are left out: they mean nothing in a prompt.
    """
    found = [
        fixed
        for field in schema.by_role("attribute")
        if _can_be_slot(field.path)
        and not is_personal_name(field.path)
        and ((len(field.levels) > 1 and "string" in field.types) or field.types == ("boolean",))
        and not field.nullable
        if (fixed := _fixed(field, training)) and min(fixed.n.values()) >= min_reference
    ]
    totals = {condition: len(profiles) for condition, profiles in training.items()}

    def room(one: Fixed) -> float:
        return max(one.n[condition] / total for condition, total in totals.items())

    return sorted((one for one in found if room(one) < 1), key=room)[:MAX_FIXED]


def training_prompts(fixed: Sequence[Fixed]) -> list[TrainingPrompt]:
    """The free prompt, and one for each fixed field; the shares sum to 1."""
    names = slugs(one.field.path for one in fixed)
    share = round(FIXED_SHARE / max(1, len(fixed)), 2)
    free = TrainingPrompt(id="free", share=round(1 - share * len(fixed), 2), template=TEXT + ANYONE)
    return [
        free,
        *(
            TrainingPrompt(id=f"fixed-{name}", share=share, template=TEXT + one.last_line)
            for name, one in zip(names, fixed, strict=True)
        ),
    ]


def prompts_yaml(fixed: Sequence[Fixed]) -> str:
    """The whole file; an asked prompt repeats the text of its training prompt."""
    prompts = training_prompts(fixed)
    training = [
        f"  - id: {prompt.id}\n    share: {prompt.share}\n    template: &{prompt.id} |\n"
        + _indented(prompt.template)
        for prompt in prompts
    ]
    ids = [FREE, *slugs(f"{one.field.path} {one.value}" for one in fixed)]
    given = [{}, *({one.field.path: one.value} for one in fixed)]
    asked = [
        f"  - id: {name}\n    given: {flow(values)}\n    template: *{prompt.id}\n"
        for name, values, prompt in zip(ids, given, prompts, strict=True)
    ]
    note = "# &name marks a template above, *name is the same text"
    return f"{HEAD}\ntraining:\n{''.join(training)}\nasked:  {note}\n{''.join(asked)}"


def _indented(text: str) -> str:
    return "".join(f"      {line}\n" for line in text.splitlines())


def _fixed(field: Field, training: Mapping[Condition, Sequence[Profile]]) -> Fixed | None:
    counts = {c: Counter(get(profile, field.path) for profile in people) for c, people in training.items()}
    values = [value for value in counts["original"] if value not in (None, MISSING)]
    if not values:
        return None
    value = max(values, key=lambda one: min(counter[one] for counter in counts.values()))
    return Fixed(field, value, {c: counter[value] for c, counter in counts.items()})


def _can_be_slot(path: str) -> bool:
    return path != FIELDS and path.isprintable() and not re.search(r"[{}!:\[\]]", path)
