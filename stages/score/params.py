"""The section `score` of params.yaml."""

from pydantic import Field, NonNegativeInt, PositiveInt

from stages.common.params import Params


class ScoreParams(Params):
    """How held-out profiles are scored."""

    seed: NonNegativeInt
    """Seed of the bootstrap."""
    records_per_pack: PositiveInt
    """Records computed together."""
    resamples: PositiveInt
    """Bootstrap resamples per number."""
    confidence: float = Field(gt=0, lt=1)
    """Confidence level of the intervals over people."""
