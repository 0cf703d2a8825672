"""Sums and means over the rows of other tables, so that whoever reads them adds up nothing."""

from dataclasses import dataclass

from stages.common.tables.base import ROW, ReadRow, Row


@dataclass(frozen=True, kw_only=True)
class CompletenessRow(ReadRow):
    """completeness.csv; n = profiles parsed. Sums over the fields of presence.csv and domain.csv."""

    independent = ()

    n: int
    n_fields: int
    """Fields of all these profiles together."""
    n_missing: int
    n_invalid: int
    """Values that the schema refuses."""
    presence: float
    """Share of the fields that a profile has, in the mean."""
    left: float
    """Valid values, as a share of those that would be there if all draws were readable and complete."""

    @property
    def lacks_any(self) -> bool:
        return bool(self.n_missing or self.n_invalid) or self.n_readable != self.n_drawn

    @property
    def is_selection(self) -> bool:
        """Whether less than half of what the draws could have said is there."""
        return self.left < 0.5


@dataclass(frozen=True, kw_only=True)
class MeanVariationRow(Row):
    """mean_variation.csv: total_variation.csv in the mean over protected fields."""

    independent = ("low", "high", "band_low", "band_high")

    n_fields: int
    tv: float
    low: float | None
    """`low` and `high`: means of the fields' ends, rather too wide; None unless each field has them."""
    high: float | None
    band_low: float | None
    """`band_low` and `band_high`: means of the ends of the fields' bands, rather too wide."""
    band_high: float | None


@dataclass(frozen=True, kw_only=True)
class CoverageSumRow(Row):
    """coverage_sum.csv: levels of all fields of coverage.csv together."""

    independent = (ROW,)

    n_fields: int
    n_levels: int
    n_levels_expected: float


@dataclass(frozen=True, kw_only=True)
class RepeatsRow(ReadRow):
    """repeats.csv: diversity.csv and copies.csv, added up over the cells that no grammar shaped.

    `arm` and `prompt` are "(all)".
    """

    independent = ()

    n: int
    n_distinct: int
    """Profiles that differ from each other within their cell."""
    n_copies: int


@dataclass(frozen=True, kw_only=True)
class OutsideRow(ReadRow):
    """outside.csv; n = numbers of a table that have a band, over the cells that no grammar shaped.

    `arm` and `prompt` are "(all)".
    """

    independent = ()

    table: str
    """`total_variation` (protected fields), `association` or `amplification`."""
    n: int
    n_outside: int
    """Numbers above their band; of `amplification` on either side of it."""
    n_by_chance: float
    """Numbers that chance alone would put there, at most about."""
