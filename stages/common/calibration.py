"""metrics/calibration/state.json: which contrasts stand over training runs, and what that was found with."""

from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import ValidationError

from stages.common.files import read_json
from stages.common.made_with import MadeWith, changes
from stages.common.records import Record

STATE = Path("metrics/calibration/state.json")
AGAIN = "make calibrate makes it anew"

Verdict: TypeAlias = Literal["stands", "does not stand", "undecided"]


class Power(Record):
    """What so many training runs of each arm can find."""

    n_seeds: int
    """Training runs an arm."""
    shift: float
    """That is to be found."""
    sd: float
    """Of one arm's number between its training runs, as it was planned with."""
    power: float
    """To find the shift, a probability."""
    smallest_shift: float
    """Found with evaluate.power."""


class CalibratedContrast(Record):
    """A declared contrast over several training runs an arm and many draws a run; b - a."""

    contrast: str
    """Its id in params.yaml."""
    arm_a: str
    arm_b: str
    prompt: str
    statistic: str
    field: str
    level: str
    """Of a share; the second field of an association; else ""."""
    n: int
    """Draws that count, of both arms and all runs."""
    n_seeds: int
    """Training runs an arm: the n of test and interval."""
    difference_10: float | None
    """Of the pipeline's own draws, as the next; None if it is not tested there."""
    p_adjusted_10: float | None
    difference: float
    """Mean over pairs of runs."""
    low: float | None
    """With high: Student's interval over pairs of runs; None if all differ by exactly the same."""
    high: float | None
    sd_pairs: float
    """Of the difference, between pairs of runs."""
    p: float
    """Of the paired t test over runs."""
    p_flip: float
    """Of the exact sign-flip test over runs, beside it."""
    p_adjusted: float
    """Holm's over the calibrated contrasts."""
    smallest_shift: float | None
    """That this test finds with evaluate.power, if runs differ as much as these did; None if they do not."""
    sd_runs: float
    """Of one arm's number, between its training runs."""
    sd_draws: float
    """The same, if all runs wrote alike: from the draws alone."""
    seed_share: float
    """Of the variance of one arm's number among the pipeline's draws: due to the training seed, 0 to 1."""
    verdict: Verdict

    @property
    def definition(self) -> tuple[str, ...]:
        return self.contrast, self.arm_a, self.arm_b, self.prompt, self.statistic, self.field, self.level


class Calibration(Record):
    """What `make calibrate` found."""

    made_with: MadeWith
    draws: int
    """Completions a training run."""
    n_seeds: int
    """Training runs of each dataset."""
    power: tuple[Power, ...]
    """Stated before the start: of this number of runs, and of others, at every spread planned with."""
    contrasts: tuple[CalibratedContrast, ...]

    def of(self, *definition: str) -> CalibratedContrast | None:
        """The contrast with this id, arms a and b, prompt, statistic, field, level; None if one differs."""
        return next((one for one in self.contrasts if one.definition == definition), None)

    @property
    def stated_power(self) -> Power | None:
        """Of this number of runs, at the largest spread that was planned with."""
        own = [one for one in self.power if one.n_seeds == self.n_seeds]
        return max(own, key=lambda one: one.sd, default=None)


def load_calibration(now: MadeWith, path: Path = STATE) -> Calibration | str:
    """The calibration, if it was made with the settings of now; else the reason why none counts."""
    if not path.exists():
        return "there is none"
    try:
        found = Calibration.model_validate(read_json(path))
    except ValidationError:
        return f"that of {path} was made by another version of this program; {AGAIN}"
    if not found.contrasts:
        return "none of the declared contrasts could be calibrated"
    changed = changes(found.made_with, now)
    return (
        f"that of {path} was made with others: {'; '.join(changed)}. {AGAIN.capitalize()}"
        if changed
        else found
    )
