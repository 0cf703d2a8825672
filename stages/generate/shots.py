"""Examples in the prompt: what "standard prompt engineering" can do without training."""

from collections.abc import Sequence

from stages.common.records import Example
from stages.common.seeds import seed_for


def excerpt(examples: Sequence[Example], n: int, seed: int) -> list[str]:
    """The profiles of n people of the training split, the same people in both conditions."""
    by_hash = sorted(examples, key=lambda example: seed_for("shots", seed, example.source_id))
    of_person: dict[str, str] = {}
    for example in by_hash:
        of_person.setdefault(example.source_id, example.completion)  # one of a person's twins
    return list(of_person.values())[:n]


def with_excerpt(prompt: str, profiles: Sequence[str]) -> str:
    """The prompt after the excerpt, as it can be typed into a chat page as well."""
    return "\n".join([f"Here are {len(profiles)} profiles from a data set:", *profiles, "", prompt])
