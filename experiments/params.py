"""experiments/params.yaml as typed sections."""

from pathlib import Path

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from stages.common.params import Params
from stages.evaluate.declared import Contrast

EXPERIMENTS = Path("experiments/params.yaml")


class CalibrateParams(Params):
    """The section `calibrate`."""

    further_seeds: list[NonNegativeInt] = Field(min_length=1)
    """Training seeds beside the pipeline's own; each trains both conditions."""
    draws: int = Field(ge=10)
    """Completions per training run, on the headline prompt."""
    batch_size: PositiveInt
    """Draws computed together. In float32 on a CPU this changes speed and memory, not the texts."""
    shift: float = Field(gt=0)
    """Shift of an arm's number between the datasets that should be found, from 0 to 1."""
    sd: list[PositiveFloat] = Field(min_length=1)
    """Standard deviations of an arm's number between its training runs, to plan power with."""


class Planted(Params):
    """An effect planted in simulated arms, of the size that the evaluation promises to find."""

    draws: int = Field(ge=5)
    """Draws per arm."""
    contrast: Contrast
    """Contrast declared beside those of params.yaml, in place of one that asks the same."""


class Nothing(Params):
    """Simulated studies with nothing planted."""

    draws: int = Field(ge=5)
    """Draws per arm."""
    calibration: bool
    """Whether contrasts declared for calibration only are tested too."""

    @property
    def name(self) -> str:
        return f"nothing, {self.draws} draws"


class Seeds(Params):
    """Simulated calibrations with the runs, the draws and the shift of `calibrate`."""

    studies: PositiveInt
    """Simulated studies per size of seed effects, and as many with the shift planted."""
    contrasts: PositiveInt
    """Contrasts in the family that Holm adjusts over."""
    sd: list[PositiveFloat] = Field(min_length=1)
    """Standard deviations of a share between an arm's training runs; the shift is planted at the last."""


class ValidateParams(Params):
    """The section `validate`."""

    seed: NonNegativeInt
    """Seed of the simulated people."""
    studies: PositiveInt
    """Simulated studies per planted effect, and as many with nothing planted."""
    nothing: list[Nothing] = Field(min_length=1)
    broken_rate: float = Field(ge=0, lt=1)
    """Share of the draws without a profile, in studies with nothing planted."""
    planted: list[Planted] = Field(min_length=1)
    seeds: Seeds

    @property
    def names(self) -> list[str]:
        """Names of the scenes, in order."""
        return [*(one.name for one in self.nothing), *(one.contrast.id for one in self.planted)]
