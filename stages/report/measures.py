"""The rows of the tables about fidelity, bias and comparison."""

from stages.common.records import Condition
from stages.report.rows import CellRow, TableRow


class RuleRow(CellRow):
    rule: str
    of: str
    n: int
    n_applies: int
    n_broken: int
    rate: float
    low: float
    high: float


class AdherenceRow(CellRow):
    field: str
    n: int
    n_missing: int
    n_compared: int
    n_agree: int
    rate: float
    low: float
    high: float


class FunnelRow(CellRow):
    step: str
    n: int
    n_step: int
    rate: float
    low: float
    high: float


class BandedRow(CellRow):
    """With a null band."""

    n: int
    band_low: float
    band_high: float


class AssociationRow(BandedRow):
    field: str
    attribute: str
    v: float
    p: float
    v_reference: float | None = None
    amplification: float | None = None
    amplification_low: float | None = None
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


class CoverageRow(BandedRow):
    field: str
    n_levels: int
    n_levels_expected: float
    coverage: float


class JointExcessRow(BandedRow):
    field: str
    field_2: str
    excess: float

    @property
    def above_band(self) -> bool:
        return self.excess > self.band_high


class KolmogorovRow(BandedRow):
    field: str
    ks: float
    median: float
    median_reference: float


class RepresentationRow(BandedRow):
    field: str
    level: str
    against: str
    n_level: int
    ratio: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        return not self.band_low <= self.ratio <= self.band_high


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


class AgreementRow(BandedRow):
    field: str
    kappa: float


class LikenessRow(BandedRow):
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
    p: float


class MinimumEffectRow(CellRow):
    """What the test of a contrast would have found."""

    contrast: str
    minimum_effect: float
    power: float


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


class MemorisationRow(CellRow):
    """How close the profiles are to the training split, and to people that no arm has seen."""

    measure: str
    field: str
    n_used: int
    train_same_size: float
    test: float
    difference: float
    band_low: float
    band_high: float
    p: float


class ContrastRow(TableRow):
    """b − a, of two arms under one prompt."""

    prompt: str
    contrast: str
    kind: str
    primary: bool
    arm_a: str
    arm_b: str
    about_conditions: bool
    statistic: str
    field: str
    level: str
    n_a: int
    n_b: int
    value_a: float
    value_b: float
    difference: float
    low: float | None = None
    """With high: an interval of the difference."""
    high: float | None = None
    band_low: float
    band_high: float
    p: float
    p_adjusted: float

    @property
    def what(self) -> str:
        return what_is_compared(self.statistic, self.field, self.level)

    @property
    def definition(self) -> tuple[str, ...]:
        """As a calibration names it."""
        return self.contrast, self.arm_a, self.arm_b, self.prompt, self.statistic, self.field, self.level


def what_is_compared(statistic: str, field: str, level: str) -> str:
    """A contrast's statistic in words.

    >>> what_is_compared("share", "coat", "black"), what_is_compared("rules_broken", "", "")
    ('share of coat = black', 'rate of rules broken')
    """
    words = {
        "share": f"share of {field} = {level}",
        "mean": f"mean {field}",
        "association": f"association of {field} with {level}",
        "valid": "rate of valid profiles",
        "rules_broken": "rate of rules broken",
        "copies": "rate of copies",
        "variety": "share of facts in which two draws differ",
    }
    return words.get(statistic, statistic)


class LossRow(TableRow):
    """A point of a loss curve, in nats per completion token."""

    condition: Condition
    split: str
    step: int
    loss: float
