"""One arm against another."""

from stages.report.numbers import rounded, signed
from stages.report.rows.base import CellRow, TableRow


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
    n_drawn_a: int | None = None
    n_drawn_b: int | None = None
    """All draws of either arm."""
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
    def is_symmetric(self) -> bool:
        """Whether it takes as much downwards as upwards to be found: the shift of a mean does."""
        return self.statistic == "mean"

    def shown(self, effect: float) -> str:
        """A smallest difference that could be found, with its direction."""
        return f"±{rounded(abs(effect))}" if self.is_symmetric else signed(effect)

    @property
    def definition(self) -> tuple[str, ...]:
        """As a calibration names it."""
        return self.contrast, self.arm_a, self.arm_b, self.prompt, self.statistic, self.field, self.level


class MinimumEffectRow(CellRow):
    """What the test of a contrast would have found."""

    contrast: str
    minimum_effect: float
    power: float
    method: str
    """exact (of rates, both ways looked at: the nearer one) or simulated (one way looked at)."""


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


class EffectRow(CellRow):
    """Of source, condition or both on one field."""

    field: str
    effect: str
    n: int
    partial_eta2: float
    low: float | None = None
    high: float | None = None
    band_high: float
    p: float
    q: float
