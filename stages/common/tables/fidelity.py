"""Distances from the dataset."""

from dataclasses import dataclass

from stages.common.tables.base import ROW, Band, ReadRow, Row


@dataclass(frozen=True, kw_only=True)
class TotalVariationRow(ReadRow, independent=("low", "high", "band", "p")):
    """total_variation.csv; n = profiles with a valid value."""

    field: str
    role: str
    n: int
    tv: float
    low: float | None
    """Lower end of the interval of the distance of the arm's own shares, which its n profiles only sample.

    None where it would hold the truth too seldom: see docs/method.md.
    """
    high: float | None
    band: Band
    p: float | None
    """Probability of a distance as large, if the arm drew from the reference; for one field alone."""

    @property
    def above_band(self) -> bool:
        return self.band.is_above(self.tv)


@dataclass(frozen=True, kw_only=True)
class DistributionRow(ReadRow, independent=("band_low", "band_high")):
    """metrics/plots/distributions.csv; n = profiles with a valid value."""

    variable: str
    """The field; DVC's plots write over a column named `field`."""
    level: str
    share_generated: float
    share_reference: float
    n: int
    n_level: int
    """Profiles with the level."""
    band_low: float | None
    """Lower end of the band of the share among n people from where the reference is."""
    band_high: float | None


@dataclass(frozen=True, kw_only=True)
class JointExcessRow(ReadRow, independent=("low", "high", "band", "p")):
    """joint_excess.csv; n = profiles with a valid value in both fields."""

    field: str
    field_2: str
    roles: str
    """Such as `protected x number`."""
    n: int
    excess: float
    """What the margins of these profiles do not explain: see `joint_excess`."""
    low: float | None
    """Lower end of the interval of the excess of the arm's own shares.

    None where it would hold the truth too seldom: see docs/method.md.
    """
    high: float | None
    band: Band
    p: float | None
    """Probability of an excess as large, if the arm drew from the reference; for one pair alone."""

    @property
    def above_band(self) -> bool:
        return self.band.is_above(self.excess)


@dataclass(frozen=True, kw_only=True)
class CoverageRow(ReadRow, independent=(ROW,)):
    """coverage.csv; n = profiles with a valid value.

    Levels are those that the reference has, null among them.
    """

    field: str
    role: str
    n: int
    n_levels_reference: int
    n_levels: int
    """How many of these were seen at least once in the profiles."""
    n_levels_expected: float
    """What a perfect sampler sees in the mean at this n."""
    coverage: float
    """n_levels / n_levels_expected; 1 is what chance gives in the mean."""
    low: float
    """Lower end of the interval of what this arm sees in the mean at this n."""
    high: float
    band: Band
    p: float
    """Probability of as few levels, if the arm drew from the reference; for one field alone."""


@dataclass(frozen=True, kw_only=True)
class EntropyRow(ReadRow, independent=(ROW,)):
    """entropy.csv, in bits: of the levels that the reference has, null among them.

    New values are no levels here, so that they make up for none that was lost.
    """

    field: str
    role: str
    n: int
    """Profiles with one of these levels."""
    entropy: float
    low: float
    """Lower end of the interval of the entropy of the arm's own shares of these levels."""
    high: float
    entropy_reference: float
    """Entropy of all people of the reference."""
    entropy_expected: float
    """Mean entropy of perfect samplers at this n, corrected alike."""
    band: Band
    p: float
    """Probability of an entropy as low, if the arm drew from the reference; for one field alone."""


@dataclass(frozen=True, kw_only=True)
class KolmogorovRow(ReadRow, independent=("low", "high", "band", "p")):
    """kolmogorov_smirnov.csv; n = profiles with a valid number in the field."""

    field: str
    n: int
    n_reference: int
    """People of the reference with a number."""
    median: float
    """The arm's median in the field's own unit, like median_reference."""
    median_reference: float
    ks: float
    low: float | None
    """Lower end of the interval of the distance of the distribution that the n numbers sample."""
    high: float | None
    band: Band
    p: float | None
    """Like the one in total_variation.csv."""


@dataclass(frozen=True, kw_only=True)
class DatasetRow(Row):
    """datasets.csv: the training split of one dataset against that of the other.

    `arm` and `prompt` are "(all)".
    """

    independent = ()

    field: str
    """A protected field."""
    tv: float
    """Total variation; 0 where every level is equally frequent in both."""
