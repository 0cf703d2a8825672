"""Text that is pasted into a chat page, and the file that is attached there.

The files have neutral names: the page must not read which of two data sets was changed.
"""

import json
from collections.abc import Sequence

from stages.common.prompts import AskedPrompt, asked_text
from stages.common.records import ArmCondition, Example, Profile
from stages.common.schema import ProfileSchema
from stages.common.seeds import seed_for

_EXCERPTS: dict[ArmCondition, str] = {"original": "profiles-1.json", "augmented": "profiles-2.json"}


def excerpt_name(condition: ArmCondition) -> str | None:
    """The file to attach; None where none is.

    >>> excerpt_name("augmented"), excerpt_name("none")
    ('profiles-2.json', None)
    """
    return _EXCERPTS.get(condition)


def text_to_paste(prompt: AskedPrompt, condition: ArmCondition, schema: ProfileSchema, n_records: int) -> str:
    """The asked text; before it, where a file is attached, one sentence that names the file."""
    asked, name = asked_text(prompt, schema), excerpt_name(condition)
    if name is None:
        return asked
    return f"The attached file {name} holds {n_records} profiles from a data set.\n\n{asked}"


def excerpt(examples: Sequence[Example], n: int, seed: int) -> list[Profile]:
    """The profiles of n people, without the identifier; fewer if there are fewer people.

    The choice depends on seed and `source_id` alone, so both conditions have the same people.
    """
    of_person: dict[str, str] = {}
    for example in sorted(examples, key=lambda example: seed_for("excerpt", seed, example.source_id)):
        of_person.setdefault(example.source_id, example.completion)  # one of a person's twins
    return [json.loads(completion) for completion in list(of_person.values())[:n]]
