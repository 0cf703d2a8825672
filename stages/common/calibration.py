"""metrics/calibration/state.json: which contrasts stand over training runs, and with which settings."""

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
    """What this number of training runs per arm can find."""

    n_seeds: int
    """Training runs per arm."""
    shift: float
    """Shift to be found."""
    sd: float
    """Standard deviation of one arm's number between its training runs, as planned."""
    power: float
    """Probability of finding the shift."""
    smallest_shift: float
    """Smallest shift that is found with probability evaluate.power."""


class CalibratedContrast(Record):
    """A declared contrast (b - a) over several training runs per arm and many draws per run."""

    contrast: str
    """Id in params.yaml."""
    arm_a: str
    arm_b: str
    prompt: str
    statistic: str
    field: str
    level: str
    """The level of a share, the second field of an association, or ""."""
    n: int
    """Draws that count, of both arms and all runs."""
    n_seeds: int
    """Training runs per arm: the n of test and interval."""
    difference_10: float | None
    """Difference (and, next, p) in the pipeline's own draws; None if it is not tested there."""
    p_adjusted_10: float | None
    difference: float
    """Mean over pairs of runs."""
    low: float | None
    """`low` and `high`: Student's interval over pairs of runs; None if all pairs differ equally."""
    high: float | None
    sd_pairs: float
    """Standard deviation of the difference between pairs of runs."""
    p: float
    """p of the paired t test over runs."""
    p_flip: float
    """p of the exact sign-flip test over runs, for comparison."""
    p_adjusted: float
    """Holm's correction over the calibrated contrasts."""
    smallest_shift: float | None
    """Smallest shift that this test finds with probability evaluate.power; None if runs do not differ."""
    sd_runs: float
    """Standard deviation of one arm's number between its training runs."""
    sd_draws: float
    """Standard deviation that the draws alone would give if all runs wrote alike."""
    seed_share: float
    """Share of the variance of one arm's number in the pipeline's draws that is due to the seed, 0 to 1."""
    verdict: Verdict

    @property
    def definition(self) -> tuple[str, ...]:
        return self.contrast, self.arm_a, self.arm_b, self.prompt, self.statistic, self.field, self.level


class Calibration(Record):
    """What `make calibrate` found."""

    made_with: MadeWith
    draws: int
    """Completions per training run."""
    n_seeds: int
    """Training runs of each dataset."""
    power: tuple[Power, ...]
    """Stated before the start, for this and other numbers of runs, at every planned spread."""
    contrasts: tuple[CalibratedContrast, ...]

    def of(self, *definition: str) -> CalibratedContrast | None:
        """The contrast with this id, arms a and b, prompt, statistic, field, level; None if one differs."""
        return next((one for one in self.contrasts if one.definition == definition), None)

    @property
    def stated_power(self) -> Power | None:
        """Power of this number of runs at the largest planned spread."""
        own = [one for one in self.power if one.n_seeds == self.n_seeds]
        return max(own, key=lambda one: one.sd, default=None)


def load_calibration(now: MadeWith, path: Path = STATE) -> Calibration | str:
    """The calibration if it was made with the current settings, or the reason why none counts."""
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
