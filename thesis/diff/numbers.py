"""One number of a run, with what is known about its uncertainty."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from stages.common.comparison import BASE, condition_of, source_of
from thesis.diff.rule import Estimate

Group: TypeAlias = Literal["headline", "contrasts"]
Over: TypeAlias = Literal["draws", "people", "trainings", ""]

BARE = "`dvc metrics diff` compares bare numbers of any versions, without intervals"
"""What a person can do with numbers of another version of this program."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number, and its interval or the reason why it has none."""

    group: Group
    name: str
    """Its key in metrics/evaluate.json, or the contrast's id."""
    question: tuple[str, ...] = ()
    """What a declared contrast asks: arms, prompt, statistic, field, level."""
    value: float
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    """Level of the interval, in [0, 1]."""
    n: int | None = None
    over: Over = ""
    """What the interval is about: other draws, other people or other trainings."""
    reason: str = ""
    """Why there is no interval."""

    @property
    def key(self) -> tuple[str, ...]:
        """What two runs must share for a comparison."""
        return self.group, self.name, *self.question

    @property
    def estimate(self) -> Estimate | None:
        """Value and interval; None without an interval around the value."""
        if self.low is None or self.high is None or not self.low <= self.value <= self.high:
            return None
        return Estimate(self.value, self.low, self.high)


def of_any_base(arm: str, base: str) -> str:
    """The arm's name with `<base>` for the base, so that runs on two bases share it.

    >>> of_any_base("tiny+lora/original", "tiny"), of_any_base("tinyllama/none", "tiny")
    ('<base>+lora/original', 'tinyllama/none')
    """
    source, plus, kind = source_of(arm).partition("+")
    return f"{BASE}{plus}{kind}/{condition_of(arm)}" if source == base else arm
