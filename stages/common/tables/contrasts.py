"""One arm against another."""

from dataclasses import dataclass
from typing import Literal

from stages.common.tables.base import Row


@dataclass(frozen=True, kw_only=True)
class ContrastRow(Row, independent=()):
    """contrasts.csv; one arm against another under one prompt. `arm` is "(all)"."""

    contrast: str
    """Its id in params.yaml; "" if it is exploratory."""
    kind: Literal["declared", "exploratory"]
    primary: bool
    arm_a: str
    arm_b: str
    about_conditions: bool
    """The arms differ in their dataset: a claim about the augmentation needs the calibration study."""
    statistic: str
    field: str
    level: str
    """The level of a share; the second field of an association; else ""."""
    n_a: int
    n_b: int
    """That count: for `valid` all, for `rules_broken` and `copies` those parsed, else with valid values."""
    value_a: float
    value_b: float
    difference: float
    """b - a."""
    low: float | None
    """`low` and `high`: Newcombe's interval for shares, else the jackknife's; None for too few draws."""
    high: float | None
    band_low: float
    """`band_low` and `band_high`: where differences fall if the arms' labels mean nothing."""
    band_high: float
    p: float
    p_adjusted: float
    """Holm's over the declared contrasts that were tested.

    For exploratory ones Benjamini-Hochberg's over those of the same arms and prompt.
    """
    n_drawn_a: int | None = None
    """`n_drawn_a` and `n_drawn_b`: all draws of the arm; `study` fills it in."""
    n_drawn_b: int | None = None

    @property
    def is_symmetric(self) -> bool:
        """Whether it takes as much downwards as upwards to be found: the shift of a mean does."""
        return self.statistic == "mean"

    @property
    def definition(self) -> tuple[str, ...]:
        """The contrast as a calibration names it."""
        return self.contrast, self.arm_a, self.arm_b, self.prompt, self.statistic, self.field, self.level


@dataclass(frozen=True, kw_only=True)
class MinimumEffectRow(Row, independent=()):
    """minimum_effects.csv; what the test of a contrast finds with `power`. `arm` is "(all)"."""

    contrast: str
    n_a: int
    n_b: int
    base: float
    """The statistic in the reference of arm a; for `valid` and `copies`, arm a's own: see OF_ARMS."""
    minimum_effect: float
    """The difference b - a; negative where a smaller one is found downwards."""
    planted: float
    """What has to be planted in b for it: the share of draws, or the shift of a mean."""
    alpha: float
    """evaluate.alpha by the number of contrasts to be tested: Holm's strictest level."""
    power: float
    method: str
    """`exact` (rates, looked at both ways: the nearer one) or `simulated` (looked at one way)."""
