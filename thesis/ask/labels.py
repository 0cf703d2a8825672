"""The names of the columns: base, original, augmented."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stages.common.records import CONDITIONS
from stages.shell.errors import UserError

if TYPE_CHECKING:
    from stages.generate.arms import Arm

BASE = "base"
LABELS = (BASE, *CONDITIONS)


def label_of(arm: "Arm") -> str:
    """The name of an arm's column."""
    return arm.adapter or BASE


def check_labels(labels: Sequence[str]) -> None:
    """Raise UserError for a name that no column has."""
    for label in labels:
        if label not in LABELS:
            raise UserError(f"--arm {label}: there is no such arm; choose from: {', '.join(LABELS)}")
