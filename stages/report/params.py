"""What the report reads of params.yaml: how wide the intervals are that others computed."""

from pydantic import ConfigDict, Field

from stages.common.params import Params


class IntervalParams(Params):
    """Of a section with intervals; what else it holds is not the report's matter."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    confidence: float = Field(gt=0, lt=1)
    """A share: 0.95 leaves 2.5 % on either side."""
