"""How varied and how alike profiles are, and what they recall."""

from stages.report.rows.base import CellRow, MaybeBandedRow


class DiversityRow(CellRow):
    n: int
    n_distinct: int


class DifferentNumbersRow(MaybeBandedRow):
    """In one field; n have a number there."""

    field: str
    n_different: int
    most_frequent: float
    n_most_frequent: int


class CopiesRow(CellRow):
    n: int
    n_copies: int
    n_training: int


class VarietyRow(CellRow):
    """Of one measure; the interval is empty for counts, the band without people to compare with."""

    measure: str
    n: int
    n_used: int
    value: float
    low: float | None = None
    high: float | None = None
    band_low: float | None = None
    band_high: float | None = None


class MemorisationRow(CellRow):
    """How close the profiles are to the training split, and to people that no arm has seen."""

    measure: str
    field: str
    n_used: int
    train: float
    """Against the whole training split: difference is this minus test."""
    train_same_size: float
    test: float
    difference: float
    low: float | None = None
    high: float | None = None
    band_low: float
    band_high: float
    p: float


class AgreementRow(MaybeBandedRow):
    """n prompts, with n_used profiles of each."""

    field: str
    n_used: int
    kappa: float
    low: float | None = None
    high: float | None = None


class LikenessRow(MaybeBandedRow):
    n_prompts: int
    within: float
    between: float
    difference: float
    low: float
    high: float


class PermanovaRow(CellRow):
    sources: str
    n: int
    pseudo_f: float
    r2: float
    low: float | None = None
    high: float | None = None
    band_low: float
    band_high: float
    p: float


class EntropyRow(CellRow):
    """In bits; `entropy_expected`: of perfect samplers, in the mean."""

    field: str
    n: int
    entropy: float
    entropy_expected: float
    low: float | None = None
    high: float | None = None
    band_low: float | None = None
    band_high: float | None = None
