"""metrics/calibration/state.json: which contrasts stand over training seeds, and of which adapters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from stages.common.files import read_json
from stages.common.records import Record

STATE = Path("metrics/calibration/state.json")

Verdict: TypeAlias = Literal["stands", "does not stand", "undecided"]


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
    """Training runs an arm."""
    difference_10: float | None
    """Of the pipeline's own draws, as the next; None if it is not tested there."""
    p_adjusted_10: float | None
    difference: float
    """Mean over pairs of runs."""
    low: float
    """With high: the interval over training runs."""
    high: float
    n_same_sign: int
    """Pairs of runs whose difference has the sign of the mean."""
    p: float
    """Of the mean difference, labels permuted within each pair of runs."""
    p_adjusted: float
    """Holm's over the calibrated contrasts."""
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

    adapter_sha256: dict[str, str]
    """By arm: the pipeline's adapters, the first training run of each."""
    draws: int
    """Completions a training run."""
    n_seeds: int
    contrasts: tuple[CalibratedContrast, ...]

    def of(self, *definition: str) -> CalibratedContrast | None:
        """The contrast with this id, arms a and b, prompt, statistic, field, level; None if one differs."""
        return next((one for one in self.contrasts if one.definition == definition), None)


def load_calibration(adapter_sha256: Mapping[str, str], path: Path = STATE) -> Calibration | None:
    """The calibration of these adapters (hash by arm); None if there is none, or it is of others."""
    if not path.exists():
        return None
    found = Calibration.model_validate(read_json(path))
    return found if found.contrasts and found.adapter_sha256 == dict(adapter_sha256) else None
