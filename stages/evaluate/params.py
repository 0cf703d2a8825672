"""The section `evaluate` of params.yaml."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from stages.common.params import Params
from stages.evaluate.declared import MAX_DECLARED, Contrast, checked, filled


class EvaluateParams(Params):
    """How numbers are compared with chance."""

    seed: int = Field(ge=0)
    """The seed of the draws behind the null bands; any whole number from 0."""
    confidence: float = Field(gt=0, lt=1)
    """The confidence of intervals and null bands, a share: 0.95 leaves 2.5 % on either side."""
    min_reference: int = Field(ge=1)
    """How many people must match a prompt's `given` for a comparison with them; a count."""
    max_pairwise: int = Field(ge=100)
    """How many profiles a measure of all pairs compares; of more, a seeded subsample. A count."""
    null_draws: int = Field(ge=100)
    """How many perfect samplers draw from the reference behind every null band, a count."""
    max_joint_cells: int = Field(ge=4)
    """The most cells in the table of two fields' levels, a count; a pair with more is not computed."""
    min_n: int = Field(ge=2)
    """How many profiles an association needs, a count."""
    alpha: float = Field(gt=0, lt=1)
    """A declared contrast counts as found if Holm's p is at most this, a probability."""
    power: float = Field(gt=0, lt=1)
    """The probability with which a minimum detectable effect is found."""
    contrasts: Annotated[list[Contrast], Field(max_length=MAX_DECLARED), AfterValidator(checked)]
    """The declared contrasts; one is primary. metrics/declared.json says since when."""

    @model_validator(mode="after")
    def _enough_draws(self) -> "EvaluateParams":
        """Check that a p-value from `null_draws` random draws can pass Holm's strictest level."""
        if 1 / (self.null_draws + 1) > self.alpha / MAX_DECLARED:
            raise ValueError(
                f"null_draws ({self.null_draws}) must be at least {MAX_DECLARED} / alpha ({self.alpha})"
            )
        return self

    def for_base(self, base: str) -> "EvaluateParams":
        """The params with the base's name in the arms of the contrasts."""
        return self.model_copy(update={"contrasts": filled(self.contrasts, base)})
