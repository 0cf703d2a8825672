"""experiments/params.yaml as typed sections."""

from pathlib import Path

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from stages.common.params import Params
from stages.evaluate.declared import Contrast

EXPERIMENTS = Path("experiments/params.yaml")


class CalibrateParams(Params):
    """The section `calibrate`."""

    further_seeds: list[NonNegativeInt] = Field(min_length=1)
    """Of training, beside the pipeline's own, which is one for both conditions; each trains both."""
    draws: int = Field(ge=10)
    """Completions per training run, on the headline prompt."""
    batch_size: PositiveInt
    """Draws computed together; in float32 on a CPU it changes speed and memory, not the texts."""
    shift: float = Field(gt=0)
    """Of an arm's number between the datasets, that is to be found; a share of 1."""
    sd: list[PositiveFloat] = Field(min_length=1)
    """Of an arm's number between its training runs, with which power is planned."""


class Planted(Params):
    """An effect that is planted in simulated arms, of the size that is promised to be found."""

    draws: int = Field(ge=5)
    """Of each arm."""
    contrast: Contrast
    """Declared beside those of params.yaml, in place of one that asks the same."""


class Nothing(Params):
    """Simulated studies with nothing planted."""

    draws: int = Field(ge=5)
    """Of each arm."""
    calibration: bool
    """Whether the contrasts that are declared for calibration only are tested as well."""

    @property
    def name(self) -> str:
        return f"nothing, {self.draws} draws"


class Seeds(Params):
    """Simulated calibrations: runs, draws and the shift that is planted are those of `calibrate`."""

    studies: PositiveInt
    """Per size of seed effects, and as many with the shift planted."""
    contrasts: PositiveInt
    """In the family that Holm adjusts over."""
    sd: list[PositiveFloat] = Field(min_length=1)
    """Of a share between the training runs of an arm; the shift is planted at the last of them."""


class ValidateParams(Params):
    """The section `validate`."""

    seed: NonNegativeInt
    """Of the simulated people."""
    studies: PositiveInt
    """Simulated studies per planted effect, and as many with nothing planted."""
    nothing: list[Nothing] = Field(min_length=1)
    broken_rate: float = Field(ge=0, lt=1)
    """Share of the draws without a profile, in studies with nothing planted."""
    planted: list[Planted] = Field(min_length=1)
    seeds: Seeds

    @property
    def names(self) -> list[str]:
        """Of the scenes, in their order."""
        return [*(one.name for one in self.nothing), *(one.contrast.id for one in self.planted)]
