"""What is compared with what: the prompt of the headline, the dataset behind an arm."""

from collections.abc import Sequence

from stages.common.prompts import AskedPrompt
from stages.common.records import Condition

BASE = "<base>"
"""Stands for the word after `base:` of params.yaml in the arms of declared contrasts."""
CONSTRAINED = "+constrained"
"""Part of the source's name where an arm is drawn under the schema's grammar."""
_REFERENCES: dict[str, Condition] = {"original": "original", "augmented": "augmented", "none": "original"}


def headline_prompt(prompts: Sequence[AskedPrompt]) -> AskedPrompt:
    """The first asked prompt that fixes nothing; the first, if all do."""
    return next((prompt for prompt in prompts if not prompt.given), prompts[0])


def source_of(arm: str) -> str:
    """The source in an arm's name, without the condition.

    >>> source_of("tiny+lora/augmented"), source_of("org/tiny/none")
    ('tiny+lora', 'org/tiny')
    """
    return arm.rsplit("/", 1)[0]


def condition_of(arm: str) -> str:
    """The condition in an arm's name.

    >>> condition_of("tiny+lora/augmented")
    'augmented'
    """
    return arm.rsplit("/", 1)[-1]


def reference_condition(condition: str) -> Condition:
    """The dataset that an arm is compared with: its own, or original if it was shown none."""
    return _REFERENCES[condition]


def is_tuned(arm: str) -> bool:
    """Whether an adapter wrote it without a grammar.

    >>> is_tuned("tiny+lora/augmented"), is_tuned("tiny+shots/augmented")
    (True, False)
    >>> is_tuned("tiny+lora+constrained/augmented")
    False
    """
    return source_of(arm).endswith("+lora")


def apart_by_data(arm_a: str, arm_b: str) -> bool:
    """Whether the arms differ in their dataset and one was trained: its seed may then explain the difference.

    >>> apart_by_data("tiny+lora/original", "tiny+lora/augmented")
    True
    >>> apart_by_data("tiny+shots/original", "tiny+shots/augmented"), apart_by_data("a+lora/none", "b/none")
    (False, False)
    """
    trained = any(is_tuned(free_twin(arm)) for arm in (arm_a, arm_b))
    return trained and condition_of(arm_a) != condition_of(arm_b)


def is_constrained(arm: str) -> bool:
    """Whether it was drawn under a grammar, and so shows nothing about what was learned.

    >>> is_constrained("tiny+lora+constrained/original"), is_constrained("tiny+lora/original")
    (True, False)
    """
    return CONSTRAINED in source_of(arm)


def free_twin(arm: str) -> str:
    """The name of a constrained arm without the grammar.

    >>> free_twin("tiny+lora+constrained/original")
    'tiny+lora/original'
    """
    return arm.replace(CONSTRAINED, "")
