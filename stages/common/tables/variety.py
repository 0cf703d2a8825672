"""How varied profiles are, and what they recall."""

from dataclasses import dataclass

from stages.common.tables.base import ROW, Band, ReadRow

WHOLE = "(profile)"
"""In place of a text field: the canonical JSON text of a profile."""


@dataclass(frozen=True, kw_only=True)
class DiversityRow(ReadRow, independent=()):
    """diversity.csv; n = profiles parsed."""

    n: int
    n_distinct: int
    n_distinct_facts: int
    """Text fields left out."""


@dataclass(frozen=True, kw_only=True)
class CopiesRow(ReadRow, independent=()):
    """copies.csv; n = profiles parsed."""

    n: int
    n_copies: int
    n_copies_facts: int
    """Text fields left out; chance alone makes some, the more the fewer fields there are."""
    n_training: int
    """Training records compared with."""


@dataclass(frozen=True, kw_only=True)
class DifferentNumbersRow(ReadRow, independent=("band",)):
    """different_numbers.csv; n = profiles with a valid number in the field."""

    field: str
    n: int
    n_different: int
    most_frequent: float
    """The smallest of them, if several are."""
    n_most_frequent: int
    band: Band
    """The different numbers among n people of the reference who have one."""


@dataclass(frozen=True, kw_only=True)
class VarietyRow(ReadRow, independent=()):
    """variety.csv; n = profiles with valid values in all compared fields, texts among them."""

    measure: str
    """`mean_distance` or `vendi_score`."""
    n: int
    n_used: int
    """Profiles that were compared: of more than `max_pairwise`, a seeded subsample."""
    value: float
    low: float | None
    """`low` and `high`: jackknife interval over conversations, a draw by itself being one."""
    high: float | None


@dataclass(frozen=True, kw_only=True)
class VarietyBandRow(ReadRow, independent=(ROW,)):
    """variety_band.csv; n as in variety.csv."""

    measure: str
    """A measure of variety.csv, or `distinct`, `distinct_facts` (text fields left out)."""
    n: int
    n_used: int
    value: float
    band: Band
    n_draws: int
    """Perfect samplers behind the band; fewer for Vendi scores of many profiles, which take long."""


@dataclass(frozen=True, kw_only=True)
class MemorisationRow(ReadRow, independent=("low", "high")):
    """memorisation.csv; n = profiles parsed."""

    measure: str
    """`longest_substring` in characters, `longest_substring_share`, `overlap_8_words`, `nearest_distance`."""
    field: str
    """A text field, or "(profile)"."""
    n: int
    n_used: int
    """Profiles compared: those with such a text; of more than `max_pairwise`, a seeded subsample."""
    n_train: int
    n_test: int
    train: float
    """Mean over the profiles, against all people of the training split."""
    train_same_size: float
    """Mean against as few of them as are held out: to be read beside `test`."""
    test: float
    """Mean against the held-out test split, which no arm has seen."""
    difference: float
    """train - test."""
    low: float | None
    """`low` and `high`: interval for all profiles that the arm would write, against these same people."""
    high: float | None
    band_low: float
    """`band_low` and `band_high`: the difference of as many held-out people, each against all others."""
    band_high: float
    p: float
    """Probability that people no arm has seen are this much closer to the training split than to each other.

    At least 1 / (1 + held-out people with such a text).
    """
