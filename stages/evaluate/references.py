"""The reference: the people of the dataset that a cell's numbers are held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

from stages.common.comparison import reference_condition
from stages.common.fields import MISSING, canonical, get
from stages.common.records import ArmCondition, Condition, Profile, ProfileLoss

Training: TypeAlias = Mapping[Condition, Sequence[Profile]]
"""The profiles of the training split, or of another, by condition."""


@dataclass(frozen=True)
class Reference:
    """People of the dataset; none, and `reason`, if too few are like the prompt."""

    profiles: tuple[Profile, ...]
    reason: str | None = None


@dataclass(frozen=True)
class Scored:
    """A person of the test split, whom no training saw, and how an arm predicts them."""

    loss: ProfileLoss
    profile: Profile
    given: frozenset[str]
    """Fields whose value the prompt says: they are copied, not predicted."""


def reference_of(
    condition: ArmCondition, given: Mapping[str, Any], training: Training, min_reference: int
) -> Reference:
    """The training split of the arm's condition: what its adapter learnt from and its context showed.

    The validation and test splits stay out: no arm has seen them, and they are kept to tell
    memory from likeness. Arms that were shown no data are held against the original dataset.
    Under a prompt with `given`, the people with exactly these values.
    """
    records = training[reference_condition(condition)]
    matching = tuple(profile for profile in records if matches(profile, given))
    if len(matching) < min_reference:
        like = " with the prompt's given values" if given else ""
        return Reference(
            (), f"{len(matching)} of {len(records)} training records{like}; needs {min_reference}"
        )
    return Reference(matching)


def matches(profile: Profile, given: Mapping[str, Any]) -> bool:
    return all(agrees(profile, path, value) for path, value in given.items())


def agrees(profile: Profile, path: str, value: Any) -> bool:
    """Whether a profile has exactly this value; 34.0 is 34, true is not 1."""
    found = get(profile, path)
    if found is MISSING:
        return False
    if is_number(found) and is_number(value):
        return bool(found == value)
    return canonical(found) == canonical(value)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
