"""Examples in the prompt: what "standard prompt engineering" can do without training."""

from collections.abc import Sequence

from stages.common.records import Example
from stages.common.seeds import seed_for


def excerpt(examples: Sequence[Example], n: int, seed: int) -> list[str]:
    """The profiles of n people of the training split, the same people in both conditions."""
    by_hash = sorted(examples, key=lambda example: seed_for("shots", seed, example.source_id))
    return [example.completion for example in by_hash[:n]]


def with_excerpt(prompt: str, profiles: Sequence[str]) -> str:
    """The prompt after the excerpt, as it can be typed into a chat page as well."""
    return "\n".join([f"Here are {len(profiles)} profiles from a data set:", *profiles, "", prompt])
