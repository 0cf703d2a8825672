"""Distances from the dataset, and the losses."""

from pydantic import Field

from stages.common.records import Condition
from stages.report.rows.base import BandedRow, CellRow, MaybeBandedRow, TableRow


class TotalVariationRow(MaybeBandedRow):
    field: str
    role: str
    tv: float
    low: float | None = None
    """With high: an interval of the distance itself."""
    high: float | None = None

    @property
    def above_band(self) -> bool:
        return self.is_above(self.tv)


class DistributionRow(CellRow):
    field: str = Field(validation_alias="variable")
    level: str
    share_generated: float
    share_reference: float
    n: int
    band_low: float | None = None
    """With band_high: where chance would put the share; None where draws hang together."""
    band_high: float | None = None


class JointExcessRow(MaybeBandedRow):
    field: str
    field_2: str
    excess: float
    low: float | None = None
    high: float | None = None

    @property
    def above_band(self) -> bool:
        return self.is_above(self.excess)


class KolmogorovRow(MaybeBandedRow):
    field: str
    ks: float
    low: float | None = None
    high: float | None = None
    median: float
    median_reference: float


class CoverageRow(BandedRow):
    field: str
    n_levels: int
    n_levels_expected: float
    coverage: float
    low: float | None = None
    high: float | None = None


class FieldLossRow(CellRow):
    """Nats per person of a field, of all content, or of the structure."""

    data: str
    field: str
    role: str
    n: int
    loss: float


class GainRow(FieldLossRow):
    """What an arm gains on the frequencies of the training split; below 0, it is worse."""

    loss_frequencies: float
    gain: float
    low: float | None = None
    high: float | None = None

    @property
    def is_worse(self) -> bool:
        return self.high is not None and self.high < 0

    @property
    def is_better(self) -> bool:
        return self.low is not None and self.low > 0


class LossRow(TableRow):
    """A point of a loss curve, in nats per completion token."""

    condition: Condition
    split: str
    step: int
    loss: float
