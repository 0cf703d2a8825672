"""Who appears, what goes together, which words stand out."""

from stages.report.rows.base import BandedRow, CellRow, MaybeBandedRow


class RepresentationRow(MaybeBandedRow):
    field: str
    level: str
    against: str
    n_level: int
    ratio: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        return self.is_below(self.ratio) or self.is_above(self.ratio)


class AssociationRow(BandedRow):
    field: str
    attribute: str
    v: float
    low: float | None = None
    high: float | None = None
    p: float
    v_reference: float | None = None
    amplification: float | None = None
    interval_low: float | None = None
    """With interval_high: of the amplification."""
    interval_high: float | None = None
    amplification_low: float | None = None
    """With amplification_high: its null band."""
    amplification_high: float | None = None

    @property
    def pair(self) -> tuple[str, str]:
        return self.field, self.attribute

    @property
    def outside(self) -> bool:
        """Above what fields that have nothing to do with each other show."""
        return self.v > self.band_high

    @property
    def amplified(self) -> bool:
        """Further from the dataset's own association than a perfect copy would be."""
        if self.amplification is None or self.amplification_low is None or self.amplification_high is None:
            return False
        return not self.amplification_low <= self.amplification <= self.amplification_high


class MarkedWordRow(CellRow):
    """A word of one comparison; the words are those of models."""

    field: str
    target: str
    reference: str
    n_target: int
    n_reference: int
    word: str
    z: float
    threshold: float
    marked: bool

    @property
    def comparison(self) -> tuple[str, ...]:
        return self.arm, self.prompt, self.field, self.target, self.reference


class LexiconRow(CellRow):
    field: str
    category: str
    of: str
    n: int
    n_with: int
    rate: float
    low: float
    high: float
