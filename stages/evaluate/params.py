"""The section `evaluate` of params.yaml."""

from typing import Annotated

from pydantic import AfterValidator, Field

from stages.common.params import Params
from stages.evaluate.contrasts.declared import MAX_DECLARED, Contrast, checked, filled


class EvaluateParams(Params):
    """How numbers are compared with chance."""

    seed: int = Field(ge=0)
    """Of the draws behind the null bands; any whole number from 0."""
    confidence: float = Field(gt=0, lt=1)
    """Of intervals and null bands, a share: 0.95 leaves 2.5 % on either side."""
    min_reference: int = Field(ge=1)
    """People that a prompt's `given` must match, for a comparison with them; a count."""
    null_draws: int = Field(ge=100)
    """Size-n draws of the reference behind every null band, a count."""
    alpha: float = Field(gt=0, lt=1)
    """A declared contrast counts as found if Holm's p is at most this, a probability."""
    power: float = Field(gt=0, lt=1)
    """With which a minimum detectable effect is found, a probability."""
    contrasts: Annotated[list[Contrast], Field(max_length=MAX_DECLARED), AfterValidator(checked)]
    """Declared before looking; one is primary."""

    def for_base(self, base: str) -> "EvaluateParams":
        """With the base's name in the arms of the contrasts."""
        return self.model_copy(update={"contrasts": filled(self.contrasts, base)})
