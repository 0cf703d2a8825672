"""experiments/params.yaml as typed sections."""

from pathlib import Path

from pydantic import Field, NonNegativeInt, PositiveInt

from stages.common.params import Params

EXPERIMENTS = Path("experiments/params.yaml")


class CalibrateParams(Params):
    """The section `calibrate`."""

    further_seeds: list[NonNegativeInt] = Field(min_length=1)
    """Of training, beside train.original.seed and train.augmented.seed; each trains both conditions."""
    draws: int = Field(ge=10)
    """Completions per training run, on the headline prompt."""


class ValidateParams(Params):
    """The section `validate`."""

    seed: NonNegativeInt
    """Of the simulated people."""
    studies: PositiveInt
    """Simulated studies per planted effect, and as many with nothing planted."""
