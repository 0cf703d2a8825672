"""Who appears, and what goes together."""

from dataclasses import dataclass

from stages.common.tables.base import ROW, Band, ReadRow


@dataclass(frozen=True, kw_only=True)
class RepresentationRow(ReadRow, independent=("band", "p")):
    """representation.csv; n = profiles with a valid value. A ratio of 2: twice as often as in the dataset."""

    field: str
    level: str
    against: str
    """`dataset`, or `parity`: each level of the field as often as the others."""
    n: int
    n_level: int
    """Profiles with the level."""
    share_against: float
    ratio: float
    """(n_level / n) / share_against."""
    low: float
    """`low` and `high`: Clopper-Pearson interval of the share, divided by share_against."""
    high: float
    band: Band
    """The ratio of n people from where the reference is, or drawn with the share of parity.

    See `binomial_band`.
    """
    p: float | None
    """Two-sided, at least 1 / (1 + null_draws): see `binomial_p`; not corrected for many levels."""


@dataclass(frozen=True, kw_only=True)
class _PairRow(ReadRow):
    """A row about a protected field and another one."""

    field: str
    attribute: str
    """The other field; numbers by quarters of the training split."""

    @property
    def pair(self) -> tuple[str, str]:
        return self.field, self.attribute


@dataclass(frozen=True, kw_only=True)
class AssociationRow(_PairRow, independent=(ROW,)):
    """association.csv; n = profiles with a valid value in both fields."""

    n: int
    v: float
    """Cramér's V, bias-corrected."""
    low: float
    """`low` and `high`: interval of V among all that the arm would write."""
    high: float
    p: float
    """Probability of a V this large if the fields had nothing to do with each other; for one pair alone."""
    band_low: float
    """`band_low` and `band_high`: V of unrelated fields, each distributed as here."""
    band_high: float

    @property
    def outside(self) -> bool:
        """Above what fields that have nothing to do with each other show."""
        return self.v > self.band_high


@dataclass(frozen=True, kw_only=True)
class AmplificationRow(_PairRow, independent=(ROW,)):
    """amplification.csv: how much closer two fields go together than in the dataset.

    n as in association.csv.
    """

    n: int
    v: float
    v_reference: float
    """V among the people of the reference."""
    amplification: float
    """v - v_reference: above 0, the arm ties the fields closer together than its dataset."""
    interval_low: float
    """`interval_low` and `interval_high`: the interval of v, less v_reference."""
    interval_high: float
    amplification_low: float
    """`amplification_low` and `amplification_high`: where n people from where the reference is would fall."""
    amplification_high: float

    @property
    def outside(self) -> bool:
        """Further from the dataset's own association than a perfect copy would be."""
        return not self.amplification_low <= self.amplification <= self.amplification_high
